"""Shows assets on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("tag", "model", "bought", "years")


def row(item):
    return (item.tag, item.model, item.bought, item.years)


def listing(store, number=1, size=20):
    """One page of all assets, by bought."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
