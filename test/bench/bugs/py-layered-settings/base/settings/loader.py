"""Puts the layers together."""

import json

from settings.defaults import DEFAULTS, PROFILES
from settings.lookup import put
from settings.merge import merged


def load(profile=None, tenant=None, assignments=()):
    """Settings of one tenant.

    `assignments` are texts like "server.port=9000" from the command line;
    values are JSON where that is possible, else text.
    """
    settings = merged({}, DEFAULTS)
    if profile is not None:
        if profile not in PROFILES:
            raise ValueError(f"there is no profile {profile!r}, only {', '.join(sorted(PROFILES))}")
        settings = merged(profile_base(profile), {})
    return merged(settings, merged(tenant or {}, parsed(assignments)))


def profile_base(profile):
    """The defaults with a profile on top."""
    return merged(DEFAULTS, PROFILES[profile])


def parsed(assignments):
    """The settings that a list of assignments makes."""
    settings = {}
    for text in assignments:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"{text!r} has no =")
        try:
            put(settings, name.strip(), json.loads(value))
        except json.JSONDecodeError:
            put(settings, name.strip(), value)
    return settings
