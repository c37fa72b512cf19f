"""What a customer pays for."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Contract:
    """What a customer pays for."""

    number: str
    customer: str
    hours: int = 8
    monthly: int = 0

    def changed(self, **values):
        """The same contract with other values; its number stays."""
        if "number" in values:
            raise ValueError("the number of a contract stays")
        return replace(self, **values)
