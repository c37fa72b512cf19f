"""The seats of a hall and their prices."""

from dataclasses import dataclass
from typing import Optional


@dataclass
class Seat:
    code: str
    price: int
    holder: Optional[str] = None


def rows(letters, seats, price, front_extra=0):
    """Seats A1, A2 … by row; the first row costs more."""
    plan = []
    for index, letter in enumerate(letters):
        for number in range(1, seats + 1):
            plan.append(Seat(f"{letter}{number}", price + (front_extra if index == 0 else 0)))
    return plan
