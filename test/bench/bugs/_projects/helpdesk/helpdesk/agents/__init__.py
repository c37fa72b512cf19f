"""Agents of the help desk."""
