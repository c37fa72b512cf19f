"""Keeps queues by name."""

from helpdesk.common.errors import Duplicate, NotThere


class QueueStore:
    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.add(item)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        if item.name in self._items:
            raise Duplicate("queue", item.name)
        self._items[item.name] = item

    def get(self, name):
        if name not in self._items:
            raise NotThere("queue", name)
        return self._items[name]

    def update(self, name, **values):
        self._items[name] = self.get(name).changed(**values)
        return self._items[name]

    def all(self):
        """Every queue, by waiting."""
        return sorted(self._items.values(), key=lambda item: (item.waiting, item.name))
