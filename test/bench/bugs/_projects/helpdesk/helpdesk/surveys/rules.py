"""What can be said about a survey."""


def is_happy(item):
    """Whether the customer would come again."""
    return item.score >= 4


def wants_answer(item):
    """Whether somebody should call back."""
    return item.score <= 2 and item.comment != ""
