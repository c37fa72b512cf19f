"""What can be said about a team."""


def is_staffed(item):
    """Whether anybody works there."""
    return item.size > 0


def needs_lead(item):
    """Whether it is big enough for a lead."""
    return item.size >= 5
