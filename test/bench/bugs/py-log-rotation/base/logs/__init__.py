"""Writes log files and keeps a few old ones."""
