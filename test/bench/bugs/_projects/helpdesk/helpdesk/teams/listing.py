"""Shows teams on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("code", "title", "floor", "size")


def row(item):
    return (item.code, item.title, item.floor, item.size)


def listing(store, number=1, size=20):
    """One page of all teams, by title."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
