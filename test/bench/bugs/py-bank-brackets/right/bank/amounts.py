"""Amounts as banks print them.

Thousands are separated by commas or not at all, cents by a point, and there
may be no cents. Banks write money going out in one of three ways:

    -1,250.00    1,250.00-    (1,250.00)

Anything else is no amount.
"""

import re

AMOUNT = re.compile(r"(?:-\s?)?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{2})?|(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{2})?-|\((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{2})?\)")


def is_amount(text):
    """Whether `cents` can read the text."""
    return AMOUNT.fullmatch(text.strip()) is not None


def cents(text):
    """The amount in cents; negative when money goes out."""
    text = text.strip()
    negative = text.startswith(("-", "(")) or text.endswith("-")
    digits = text.strip("-() ").replace(",", "")
    whole, _, rest = digits.partition(".")
    value = int(whole) * 100 + int(rest or 0)
    return -value if negative else value
