"""A device that the desk looks after."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Asset:
    """A device that the desk looks after."""

    tag: str
    model: str
    bought: int = 2020
    years: int = 4

    def changed(self, **values):
        """The same asset with other values; its tag stays."""
        if "tag" in values:
            raise ValueError("the tag of a asset stays")
        return replace(self, **values)
