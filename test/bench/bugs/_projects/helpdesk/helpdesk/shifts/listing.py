"""Shows shifts on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("code", "login", "begins", "ends")


def row(item):
    return (item.code, item.login, item.begins, item.ends)


def listing(store, number=1, size=20):
    """One page of all shifts, by begins."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
