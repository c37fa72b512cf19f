"""Hours during which somebody sits at the desk."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Shift:
    """Hours during which somebody sits at the desk."""

    code: str
    login: str
    begins: int = 8
    ends: int = 16

    def changed(self, **values):
        """The same shift with other values; its code stays."""
        if "code" in values:
            raise ValueError("the code of a shift stays")
        return replace(self, **values)
