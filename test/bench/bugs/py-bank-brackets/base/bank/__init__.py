"""Reads the account statements of several banks."""
