"""Queues of the help desk."""
