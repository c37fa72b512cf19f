"""Shows customers on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("code", "name", "city", "active")


def row(item):
    return (item.code, item.name, item.city, item.active)


def listing(store, number=1, size=20):
    """One page of all customers, by name."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
