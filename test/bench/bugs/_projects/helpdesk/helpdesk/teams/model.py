"""Agents who share a queue."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Team:
    """Agents who share a queue."""

    code: str
    title: str
    floor: int = 1
    size: int = 0

    def changed(self, **values):
        """The same team with other values; its code stays."""
        if "code" in values:
            raise ValueError("the code of a team stays")
        return replace(self, **values)
