"""What can be said about a article."""


def is_public(item):
    """Whether customers can read it."""
    return not item.draft


def is_popular(item):
    """Whether it is on the first page."""
    return not item.draft and item.views >= 100
