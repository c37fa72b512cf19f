"""A small query language for a file catalogue."""
