"""Watches the readings of a cold store."""
