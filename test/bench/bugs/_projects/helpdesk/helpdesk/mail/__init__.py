"""Mails that the desk sends."""
