"""Shows surveys on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("ticket", "score", "comment", "published")


def row(item):
    return (item.ticket, item.score, item.comment, item.published)


def listing(store, number=1, size=20):
    """One page of all surveys, by score."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
