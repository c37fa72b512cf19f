"""Shows visits on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("number", "customer", "minutes", "travel")


def row(item):
    return (item.number, item.customer, item.minutes, item.travel)


def listing(store, number=1, size=20):
    """One page of all visits, by customer."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
