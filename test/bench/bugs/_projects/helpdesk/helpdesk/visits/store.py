"""Keeps visits by number."""

from helpdesk.common.errors import Duplicate, NotThere


class VisitStore:
    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.add(item)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        if item.number in self._items:
            raise Duplicate("visit", item.number)
        self._items[item.number] = item

    def get(self, number):
        if number not in self._items:
            raise NotThere("visit", number)
        return self._items[number]

    def update(self, number, **values):
        self._items[number] = self.get(number).changed(**values)
        return self._items[number]

    def all(self):
        """Every visit, by customer."""
        return sorted(self._items.values(), key=lambda item: (item.customer, item.number))
