"""A question or fault that a customer reported."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Ticket:
    """A question or fault that a customer reported."""

    number: int
    subject: str
    status: str = "open"
    priority: int = 3

    def changed(self, **values):
        """The same ticket with other values; its number stays."""
        if "number" in values:
            raise ValueError("the number of a ticket stays")
        return replace(self, **values)
