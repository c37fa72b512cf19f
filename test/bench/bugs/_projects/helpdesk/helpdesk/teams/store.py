"""Keeps teams by code."""

from helpdesk.common.errors import Duplicate, NotThere


class TeamStore:
    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.add(item)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        if item.code in self._items:
            raise Duplicate("team", item.code)
        self._items[item.code] = item

    def get(self, code):
        if code not in self._items:
            raise NotThere("team", code)
        return self._items[code]

    def update(self, code, **values):
        self._items[code] = self.get(code).changed(**values)
        return self._items[code]

    def all(self):
        """Every team, by title."""
        return sorted(self._items.values(), key=lambda item: (item.title, item.code))
