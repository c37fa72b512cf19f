"""Shows queues on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("name", "team", "waiting", "limit")


def row(item):
    return (item.name, item.team, item.waiting, item.limit)


def listing(store, number=1, size=20):
    """One page of all queues, by waiting."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
