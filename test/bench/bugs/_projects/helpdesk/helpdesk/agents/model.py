"""Somebody who answers tickets."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Agent:
    """Somebody who answers tickets."""

    login: str
    name: str
    team: str = "first"
    capacity: int = 8

    def changed(self, **values):
        """The same agent with other values; its login stays."""
        if "login" in values:
            raise ValueError("the login of a agent stays")
        return replace(self, **values)
