"""Recurring jobs at a wall-clock time of some place."""
