"""Somebody who may open tickets."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Customer:
    """Somebody who may open tickets."""

    code: str
    name: str
    city: str = ""
    active: bool = True

    def changed(self, **values):
        """The same customer with other values; its code stays."""
        if "code" in values:
            raise ValueError("the code of a customer stays")
        return replace(self, **values)
