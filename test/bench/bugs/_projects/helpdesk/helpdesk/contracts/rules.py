"""What can be said about a contract."""


def is_free(item):
    """Whether nothing is billed."""
    return item.monthly == 0


def covers_nights(item):
    """Whether somebody answers at night."""
    return item.hours >= 24
