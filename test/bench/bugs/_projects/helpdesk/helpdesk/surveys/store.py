"""Keeps surveys by ticket."""

from helpdesk.common.errors import Duplicate, NotThere


class SurveyStore:
    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.add(item)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        if item.ticket in self._items:
            raise Duplicate("survey", item.ticket)
        self._items[item.ticket] = item

    def get(self, ticket):
        if ticket not in self._items:
            raise NotThere("survey", ticket)
        return self._items[ticket]

    def update(self, ticket, **values):
        self._items[ticket] = self.get(ticket).changed(**values)
        return self._items[ticket]

    def all(self):
        """Every survey, by score."""
        return sorted(self._items.values(), key=lambda item: (item.score, item.ticket))
