"""What was bought and what it cost."""

from dataclasses import dataclass, field
from typing import List

from receipts.layout import centred, columns, rule, wrap


@dataclass(frozen=True)
class Item:
    name: str
    pieces: int
    cents: int

    @property
    def total(self):
        return self.pieces * self.cents


@dataclass
class Receipt:
    """A receipt for paper of `width` columns."""

    shop: str
    width: int = 32
    items: List[Item] = field(default_factory=list)

    def add(self, name, pieces, cents):
        if pieces < 1:
            raise ValueError("at least one piece")
        self.items.append(Item(name, pieces, cents))

    @property
    def total(self):
        return sum(item.total for item in self.items)

    def print(self):
        """All lines of the receipt."""
        lines = [centred(self.shop, self.width), rule(self.width)]
        for item in self.items:
            lines += self._item(item)
        lines += [rule(self.width, "="), columns("Total", amount(self.total), self.width)]
        return lines

    def _item(self, item):
        """The name on as many lines as it takes, then pieces and price."""
        price = columns(f"  {item.pieces} x {amount(item.cents)}", amount(item.total), self.width)
        return [*wrap(item.name, self.width), price]


def amount(cents):
    return f"{cents // 100}.{cents % 100:02d}"
