"""Shows articles on the terminal."""

from helpdesk.common.pages import page
from helpdesk.common.tables import table

HEADING = ("slug", "title", "views", "draft")


def row(item):
    return (item.slug, item.title, item.views, item.draft)


def listing(store, number=1, size=20):
    """One page of all articles, by views."""
    return table(HEADING, [row(item) for item in page(store.all(), number, size)])
