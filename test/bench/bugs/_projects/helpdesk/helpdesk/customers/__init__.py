"""Customers of the help desk."""
