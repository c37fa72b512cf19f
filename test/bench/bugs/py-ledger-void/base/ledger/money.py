"""Amounts are whole cents; text is for people."""

from decimal import Decimal, InvalidOperation


def cents(text):
    """Read "12.34" or "-5" as cents.

    Raises ValueError when there are more than two decimals or no number at all.
    """
    try:
        value = Decimal(text.strip()) * 100
    except InvalidOperation:
        raise ValueError(f"{text!r} is not an amount") from None
    if value != value.to_integral_value():
        raise ValueError(f"{text!r} has more than two decimals")
    return int(value)


def show(amount):
    """Write cents as "1,234.50"; negative amounts get a leading minus."""
    sign = "-" if amount < 0 else ""
    whole, rest = divmod(abs(amount), 100)
    return f"{sign}{whole:,}.{rest:02d}"
