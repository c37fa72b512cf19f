"""Decides who may do what.

Permissions look like "ticket.close". "ticket.*" stands for all of a kind, and
one that begins with "-" takes a permission away, whichever role gives it.
"""

from helpdesk.access.roles import Roles


class Policy:
    """Users, their roles, and the answer to "may they?"."""

    def __init__(self, roles=None):
        self.roles = roles or Roles()
        self._members = {}

    def grant(self, user, role):
        self._members.setdefault(user, set()).add(role)

    def revoke(self, user, role):
        self._members.get(user, set()).discard(role)

    def may(self, user, permission):
        """Whether any role of the user gives the permission and none takes it away."""
        held = set()
        for role in self._members.get(user, ()):
            held |= self.roles.permissions(role)
        if any(_covers(entry[1:], permission) for entry in held if entry.startswith("-")):
            return False
        return any(_covers(entry, permission) for entry in held)

    def users_with(self, permission):
        return sorted(user for user in self._members if self.may(user, permission))


def _covers(entry, permission):
    if entry.endswith(".*"):
        return permission.startswith(entry[:-1])
    return entry == permission
