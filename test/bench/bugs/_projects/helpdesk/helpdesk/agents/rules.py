"""What can be said about a agent."""


def takes_calls(item):
    """Whether the telephone rings at their desk."""
    return item.team == "first"


def is_available(item):
    """Whether they can take any ticket at all."""
    return item.capacity > 0
