"""Playlists and how people find them."""
