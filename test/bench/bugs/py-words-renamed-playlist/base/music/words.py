"""Splits titles into the words that are searched for."""

import re
import unicodedata

WORD = re.compile(r"\w+")
IGNORED = frozenset({"the", "a", "of", "and"})


def words(text):
    """Words of the text in small letters without accents; common ones are left out."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return [word for word in WORD.findall(plain) if word not in IGNORED]
