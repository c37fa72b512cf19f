"""The journal holds every entry ever posted, in the order of posting."""

from dataclasses import dataclass, field
from datetime import date
from typing import Dict, List, Optional


class JournalError(Exception):
    """An entry that cannot be posted or voided."""


@dataclass
class Entry:
    """One posted transaction: account -> cents, adding up to zero."""

    id: int
    on: date
    text: str
    lines: Dict[str, int]
    voided: Optional[str] = None

    def touches(self, account):
        return account in self.lines


@dataclass
class Journal:
    """All entries.

    A voided entry stays in the journal with its reason, so that the auditors
    can find it, but it has no effect on any balance or statement.
    """

    accounts: List[str]
    entries: List[Entry] = field(default_factory=list)
    closed_until: Optional[date] = None

    def post(self, on, text, lines):
        """Add an entry and return it.

        Zero lines are dropped. Raises JournalError for unknown accounts,
        lines that do not balance, or a date within a closed period.
        """
        unknown = sorted(set(lines) - set(self.accounts))
        if unknown:
            raise JournalError(f"unknown account {unknown[0]}")
        if sum(lines.values()) != 0:
            raise JournalError(f"{text!r} does not balance")
        if self.closed_until is not None and on <= self.closed_until:
            raise JournalError(f"{on} is in a closed period")
        kept = {account: amount for account, amount in lines.items() if amount != 0}
        entry = Entry(len(self.entries) + 1, on, text, kept)
        self.entries.append(entry)
        return entry

    def entry(self, entry_id):
        """The entry with this number, voided or not."""
        for entry in self.entries:
            if entry.id == entry_id:
                return entry
        raise JournalError(f"no entry {entry_id}")

    def void(self, entry_id, reason):
        """Mark an entry as never having happened."""
        entry = self.entry(entry_id)
        if entry.voided is not None:
            raise JournalError(f"entry {entry_id} is void already: {entry.voided}")
        entry.voided = reason
        return entry

    def between(self, account, first, last):
        """Entries that count for the account within both days, by date, then number."""
        found = [
            entry
            for entry in self.entries
            if entry.voided is None and entry.touches(account) and first <= entry.on <= last
        ]
        return sorted(found, key=lambda entry: (entry.on, entry.id))

    def balance(self, account, until=None):
        """Sum of the account in cents, up to the end of the day `until`, or of all time."""
        total = 0
        for entry in self.entries:
            if until is not None and entry.on > until:
                continue
            total += entry.lines.get(account, 0)
        return total

    def close(self, until):
        """Refuse entries up to this day from now on."""
        if self.closed_until is None or until > self.closed_until:
            self.closed_until = until
