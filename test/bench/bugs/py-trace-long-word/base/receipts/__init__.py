"""Prints receipts on narrow paper."""
