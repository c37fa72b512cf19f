"""What can be said about a ticket."""


def is_open(item):
    """Whether somebody still has to work on it."""
    return item.status in ("open", "waiting")


def is_urgent(item):
    """Whether it goes before all others."""
    return item.priority == 1 and item.status == "open"
