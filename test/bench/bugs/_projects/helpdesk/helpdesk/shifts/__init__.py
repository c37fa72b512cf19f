"""Shifts of the help desk."""
