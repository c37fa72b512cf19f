"""Roles and what they inherit from each other."""


class UnknownRole(KeyError):
    """A role that nobody has defined."""


class Roles:
    """Roles by name. A role has permissions of its own and all those of the roles that it includes.

    Administrators edit roles by hand, one at a time, so roles may include
    each other in a circle; then they all have the same permissions.
    """

    def __init__(self):
        self._own = {}
        self._includes = {}

    def define(self, name, permissions=(), includes=()):
        """Define a role, or define it anew. Included roles may follow later."""
        self._own[name] = frozenset(permissions)
        self._includes[name] = tuple(includes)

    def names(self):
        return sorted(self._own)

    def permissions(self, name):
        """All permissions of the role. Raises UnknownRole for it or one that it includes."""
        return self._collect(name, set())

    def _collect(self, name, seen):
        """Permissions of the role and what it includes, but for the roles seen already."""
        if name in seen:
            return set()
        if name not in self._own:
            raise UnknownRole(name)
        seen.add(name)
        found = set(self._own[name])
        for other in self._includes[name]:
            found |= self._collect(other, seen)
        return found

    def including(self, name):
        """Roles that include this one directly, sorted."""
        return sorted(role for role, others in self._includes.items() if name in others)
