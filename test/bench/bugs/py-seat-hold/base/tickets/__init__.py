"""Sells the seats of a small theatre."""
