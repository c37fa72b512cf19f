"""Keeps agents by login."""

from helpdesk.common.errors import Duplicate, NotThere


class AgentStore:
    def __init__(self, items=()):
        self._items = {}
        for item in items:
            self.add(item)

    def __len__(self):
        return len(self._items)

    def add(self, item):
        if item.login in self._items:
            raise Duplicate("agent", item.login)
        self._items[item.login] = item

    def get(self, login):
        if login not in self._items:
            raise NotThere("agent", login)
        return self._items[login]

    def update(self, login, **values):
        self._items[login] = self.get(login).changed(**values)
        return self._items[login]

    def all(self):
        """Every agent, by name."""
        return sorted(self._items.values(), key=lambda item: (item.name, item.login))
