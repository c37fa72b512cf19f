"""What can be said about a shift."""


def hours(item):
    """How long it is, nights included."""
    return (item.ends - item.begins) % 24


def is_night(item):
    """Whether it goes over midnight."""
    return item.ends < item.begins
