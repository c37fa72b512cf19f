"""One booking of a statement."""

from dataclasses import dataclass
from datetime import date, datetime

FORMATS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


@dataclass(frozen=True)
class Row:
    on: date
    text: str
    amount: int


def read_date(text):
    """The day in any of the formats that banks use, or None."""
    for form in FORMATS:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None
