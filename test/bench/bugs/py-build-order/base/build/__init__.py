"""Decides in which order targets are built, and what can be built at once."""
