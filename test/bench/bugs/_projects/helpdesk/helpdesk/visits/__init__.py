"""Visits of the help desk."""
