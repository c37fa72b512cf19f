"""Turns the text of a statement into rows."""

import csv
import io
from dataclasses import dataclass, field
from typing import List, Tuple

from bank.amounts import cents, is_amount
from bank.rows import Row, read_date


@dataclass
class Import:
    """Rows that were read, and the line numbers and texts of those that were not."""

    rows: List[Row] = field(default_factory=list)
    skipped: List[Tuple[int, str]] = field(default_factory=list)

    @property
    def total(self):
        return sum(row.amount for row in self.rows)


def read(text, delimiter=";"):
    """Read date, text, amount; further columns are ignored.

    A first line that is no booking is taken for the heading. Empty lines are
    passed over, all other lines that are no booking are reported as skipped.
    """
    result = Import()
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    for fields in reader:
        if not any(part.strip() for part in fields):
            continue
        row = _row(fields)
        if row is not None:
            result.rows.append(row)
        elif reader.line_num > 1:
            result.skipped.append((reader.line_num, delimiter.join(fields)))
    return result


def _row(fields):
    if len(fields) < 3:
        return None
    on = read_date(fields[0])
    if on is None or not is_amount(fields[2]):
        return None
    return Row(on, " ".join(fields[1].split()), cents(fields[2]))


def check_balance(result, opening, closing):
    """What is missing between the two balances in cents; 0 when all is well."""
    return closing - opening - result.total
