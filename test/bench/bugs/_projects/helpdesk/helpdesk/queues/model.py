"""Where tickets wait."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Queue:
    """Where tickets wait."""

    name: str
    team: str
    waiting: int = 0
    limit: int = 50

    def changed(self, **values):
        """The same queue with other values; its name stays."""
        if "name" in values:
            raise ValueError("the name of a queue stays")
        return replace(self, **values)
