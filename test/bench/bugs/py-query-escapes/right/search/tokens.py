"""Splits a query into tokens.

    words        letters, digits and . _ - / *
    strings      "…" or '…'; a backslash makes the next character literal,
                 be it a quote, another backslash or anything else
    marks        : ( ) -  and the keywords AND, OR, NOT
"""

import re
from dataclasses import dataclass

from search.errors import QueryError

KEYWORDS = {"AND", "OR", "NOT"}
MARKS = {":": "colon", "(": "open", ")": "close"}
WORD = re.compile(r"[\w./*-]+")
ESCAPE = re.compile(r"\\(.)", re.DOTALL)


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int


def tokenise(query):
    """All tokens of the query, closed by one of kind "end"."""
    tokens = []
    at = 0
    while at < len(query):
        char = query[at]
        if char.isspace():
            at += 1
        elif char in MARKS:
            tokens.append(Token(MARKS[char], char, at))
            at += 1
        elif char in "\"'":
            text, after = _read_string(query, at)
            tokens.append(Token("string", text, at))
            at = after
        else:
            word = WORD.match(query, at)
            if word is None:
                raise QueryError(f"unexpected {char!r}", at)
            tokens.append(_word(word.group(), at))
            at = word.end()
    tokens.append(Token("end", "", len(query)))
    return tokens


def _word(text, at):
    if text in KEYWORDS:
        return Token(text.lower(), text, at)
    return Token("word", text, at)


def _read_string(query, start):
    """The string that opens at `start`, without quotes and escapes, and where to go on."""
    quote = query[start]
    end = start + 1
    while end < len(query):
        if query[end] == "\\":
            end += 2
            continue
        if query[end] == quote:
            return ESCAPE.sub(r"\1", query[start + 1:end]), end + 1
        end += 1
    raise QueryError("string is never closed", start)
