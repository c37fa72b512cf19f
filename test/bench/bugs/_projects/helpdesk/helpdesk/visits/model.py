"""An appointment at the place of a customer."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Visit:
    """An appointment at the place of a customer."""

    number: int
    customer: str
    minutes: int = 60
    travel: int = 0

    def changed(self, **values):
        """The same visit with other values; its number stays."""
        if "number" in values:
            raise ValueError("the number of a visit stays")
        return replace(self, **values)
