"""Shows parts on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("code", "name", "pieces", "minimum")


def row(item):
    return (item.code, item.name, item.pieces, item.minimum)


def listing(store, number=1, size=20):
    """One page of all parts, by name."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
