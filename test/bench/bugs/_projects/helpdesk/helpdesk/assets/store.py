"""Keeps assets by tag."""

from helpdesk.common.errors import Duplicate, NotThere


class AssetStore:
    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.add(item)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        if item.tag in self._items:
            raise Duplicate("asset", item.tag)
        self._items[item.tag] = item

    def get(self, tag):
        if tag not in self._items:
            raise NotThere("asset", tag)
        return self._items[tag]

    def update(self, tag, **values):
        self._items[tag] = self.get(tag).changed(**values)
        return self._items[tag]

    def all(self):
        """Every asset, by bought."""
        return sorted(self._items.values(), key=lambda item: (item.bought, item.tag))
