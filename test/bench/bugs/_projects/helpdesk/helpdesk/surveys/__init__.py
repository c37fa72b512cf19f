"""Surveys of the help desk."""
