"""What the treasurer prints."""

from dataclasses import dataclass
from datetime import timedelta
from typing import List, Tuple

from ledger.money import show


@dataclass(frozen=True)
class Statement:
    """Movements of one account with the balance before and after."""

    account: str
    opening: int
    movements: List[Tuple[str, int]]
    closing: int

    def as_text(self):
        rows = [f"{self.account}", f"  opening {show(self.opening)}"]
        rows += [f"  {text} {show(amount)}" for text, amount in self.movements]
        rows.append(f"  closing {show(self.closing)}")
        return "\n".join(rows)


def statement(journal, account, first, last):
    """The statement from the morning of `first` to the evening of `last`."""
    movements = [
        (entry.text, entry.lines[account]) for entry in journal.between(account, first, last)
    ]
    return Statement(
        account,
        journal.balance(account, until=first - timedelta(days=1)),
        movements,
        journal.balance(account, until=last),
    )


def trial_balance(journal, until=None):
    """Balance of each account that is not zero, in the order of the chart of accounts."""
    rows = []
    for account in journal.accounts:
        amount = journal.balance(account, until)
        if amount != 0:
            rows.append((account, amount))
    return rows
