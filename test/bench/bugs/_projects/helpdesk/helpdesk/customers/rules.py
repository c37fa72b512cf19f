"""What can be said about a customer."""


def can_report(item):
    """Whether they may open tickets now."""
    return item.active and item.name != ""


def is_local(item):
    """Whether a visit costs nothing."""
    return item.city == "Bremen"
