"""Contracts of the help desk."""
