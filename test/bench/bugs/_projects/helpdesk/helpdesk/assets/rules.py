"""What can be said about a asset."""


def ends(item):
    """The year in which it is written off."""
    return item.bought + item.years


def is_leased(item):
    """Whether it goes back to the dealer."""
    return item.tag.startswith("L")
