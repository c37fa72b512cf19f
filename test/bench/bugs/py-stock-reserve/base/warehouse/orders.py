"""Orders as the shop sends them."""

from collections import Counter
from dataclasses import dataclass, field
from typing import List


@dataclass(frozen=True)
class Line:
    """One row of an order; customers may put the same article on several rows."""

    sku: str
    quantity: int
    note: str = ""

    def __post_init__(self):
        if self.quantity < 1:
            raise ValueError(f"{self.sku}: quantity must be at least 1")


@dataclass
class Order:
    number: str
    lines: List[Line] = field(default_factory=list)

    def quantities(self):
        """Pieces per article over all rows."""
        totals = Counter()
        for line in self.lines:
            totals[line.sku] += line.quantity
        return dict(totals)

    def pick_list(self, locations):
        """(shelf, article, pieces) for the pickers, by shelf."""
        rows = [(locations.get(sku, "?"), sku, pieces) for sku, pieces in self.quantities().items()]
        return sorted(rows)
