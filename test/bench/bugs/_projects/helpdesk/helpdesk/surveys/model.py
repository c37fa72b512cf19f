"""What a customer thought of an answer."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Survey:
    """What a customer thought of an answer."""

    ticket: int
    score: int
    comment: str = ""
    published: bool = False

    def changed(self, **values):
        """The same survey with other values; its ticket stays."""
        if "ticket" in values:
            raise ValueError("the ticket of a survey stays")
        return replace(self, **values)
