"""The help desk of a small computer shop."""
