"""A spare part on the shelf."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Part:
    """A spare part on the shelf."""

    code: str
    name: str
    pieces: int = 0
    minimum: int = 1

    def changed(self, **values):
        """The same part with other values; its code stays."""
        if "code" in values:
            raise ValueError("the code of a part stays")
        return replace(self, **values)
