"""Talks to other programs."""
