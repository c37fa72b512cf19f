"""What can be said about a part."""


def missing(item):
    """How many pieces have to be ordered."""
    return max(0, item.minimum - item.pieces)


def is_there(item):
    """Whether one can be taken."""
    return item.pieces > 0
