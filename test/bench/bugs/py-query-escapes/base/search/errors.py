"""What is wrong with a query, and where."""


class QueryError(ValueError):
    """A query that cannot be read; `at` counts characters from 0."""

    def __init__(self, message, at):
        super().__init__(f"{message} at {at}")
        self.at = at
