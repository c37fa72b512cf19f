"""What can be said about a visit."""


def length(item):
    """Minutes with the way there and back."""
    return item.minutes + 2 * item.travel


def is_short(item):
    """Whether it fits between two others."""
    return item.minutes <= 30
