"""Keeps articles by slug."""

from helpdesk.common.errors import Duplicate, NotThere


class ArticleStore:
    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.add(item)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        if item.slug in self._items:
            raise Duplicate("article", item.slug)
        self._items[item.slug] = item

    def get(self, slug):
        if slug not in self._items:
            raise NotThere("article", slug)
        return self._items[slug]

    def update(self, slug, **values):
        self._items[slug] = self.get(slug).changed(**values)
        return self._items[slug]

    def all(self):
        """Every article, by views."""
        return sorted(self._items.values(), key=lambda item: (item.views, item.slug))
