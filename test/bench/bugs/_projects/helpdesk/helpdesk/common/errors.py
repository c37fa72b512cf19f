"""Errors that people see."""


class NotThere(LookupError):
    """Something that is asked for by its key does not exist."""

    def __init__(self, kind, key):
        super().__init__(f"there is no {kind} {key}")


class Duplicate(ValueError):
    """A key is used twice."""

    def __init__(self, kind, key):
        super().__init__(f"there is a {kind} {key} already")
