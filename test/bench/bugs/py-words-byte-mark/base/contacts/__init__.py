"""A list of contacts that comes from other programs as CSV."""
