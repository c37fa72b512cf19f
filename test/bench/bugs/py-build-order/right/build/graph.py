"""Targets and what they need."""

from build.errors import Cycle, UnknownTarget


class Graph:
    """A directed graph of names; edges lead from a target to what it needs."""

    def __init__(self):
        self._needs = {}

    def add(self, name, needs=()):
        """Add a target, or more needs to one that is there."""
        known = self._needs.setdefault(name, [])
        for need in needs:
            if need not in known:
                known.append(need)

    def __contains__(self, name):
        return name in self._needs

    def needs(self, name):
        """Direct needs in the order in which they were added."""
        if name not in self._needs:
            raise UnknownTarget(name)
        return tuple(self._needs[name])

    def needed_by(self, name):
        """Targets that need this one directly, sorted."""
        return sorted(target for target, needs in self._needs.items() if name in needs)

    def closure(self, targets):
        """The targets and all that they need, every need before its target."""
        order = []
        path = []
        for target in targets:
            self._visit(target, path, order, None)
        return order

    def _visit(self, name, path, order, wanted_by):
        if name not in self._needs:
            raise UnknownTarget(name, wanted_by)
        if name in path:
            raise Cycle(path[path.index(name):] + [name])
        if name in order:
            return
        path.append(name)
        for need in self._needs[name]:
            self._visit(need, path, order, name)
        path.pop()
        order.append(name)
