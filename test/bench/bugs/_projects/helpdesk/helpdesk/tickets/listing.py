"""Shows tickets on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("number", "subject", "status", "priority")


def row(item):
    return (item.number, item.subject, item.status, item.priority)


def listing(store, number=1, size=20):
    """One page of all tickets, by priority."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
