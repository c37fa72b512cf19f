"""Turns tokens into a tree.

    query  = clause { ["AND"] clause | "OR" clause }
    clause = ["NOT"] ( "(" query ")" | [field ":"] value )

OR binds weaker than AND; clauses side by side mean AND.
"""

from dataclasses import dataclass
from typing import Tuple

from search.errors import QueryError
from search.tokens import tokenise

FIELDS = ("name", "path", "owner", "tag", "any")


@dataclass(frozen=True)
class Match:
    field: str
    value: str


@dataclass(frozen=True)
class Not:
    part: object


@dataclass(frozen=True)
class And:
    parts: Tuple


@dataclass(frozen=True)
class Or:
    parts: Tuple


def parse(query):
    """The tree of a query. Raises QueryError with the place."""
    parser = _Parser(tokenise(query))
    tree = parser.query()
    rest = parser.peek()
    if rest.kind != "end":
        raise QueryError(f"unexpected {rest.text!r}", rest.at)
    return tree


class _Parser:
    def __init__(self, tokens):
        self._tokens = tokens
        self._next = 0

    def peek(self, ahead=0):
        return self._tokens[min(self._next + ahead, len(self._tokens) - 1)]

    def take(self):
        token = self.peek()
        self._next += 1
        return token

    def query(self):
        choices = [self._all()]
        while self.peek().kind == "or":
            self.take()
            choices.append(self._all())
        return choices[0] if len(choices) == 1 else Or(tuple(choices))

    def _all(self):
        parts = [self._clause()]
        while self.peek().kind not in ("or", "close", "end"):
            if self.peek().kind == "and":
                self.take()
            parts.append(self._clause())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _clause(self):
        token = self.take()
        if token.kind == "not":
            return Not(self._clause())
        if token.kind == "open":
            tree = self.query()
            closing = self.take()
            if closing.kind != "close":
                raise QueryError("missing )", closing.at)
            return tree
        if token.kind == "word" and self.peek().kind == "colon":
            if token.text not in FIELDS:
                raise QueryError(f"unknown field {token.text!r}", token.at)
            self.take()
            return Match(token.text, self._value(self.take()))
        return Match("any", self._value(token))

    @staticmethod
    def _value(token):
        if token.kind not in ("word", "string"):
            raise QueryError("a value is missing", token.at)
        return token.text
