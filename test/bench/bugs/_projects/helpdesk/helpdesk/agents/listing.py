"""Shows agents on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("login", "name", "team", "capacity")


def row(item):
    return (item.login, item.name, item.team, item.capacity)


def listing(store, number=1, size=20):
    """One page of all agents, by name."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
