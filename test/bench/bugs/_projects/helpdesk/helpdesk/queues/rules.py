"""What can be said about a queue."""


def is_full(item):
    """Whether new tickets go elsewhere."""
    return item.waiting >= item.limit


def room(item):
    """How many tickets fit in."""
    return max(0, item.limit - item.waiting)
