"""Reads one setting by its dotted name."""

_MISSING = object()


def get(settings, name, default=_MISSING):
    """The value of "server.tls.enabled" and the like.

    Raises KeyError with the whole name when it is missing and there is no default.
    """
    value = settings
    for part in name.split("."):
        if not isinstance(value, dict) or part not in value:
            if default is _MISSING:
                raise KeyError(name)
            return default
        value = value[part]
    return value


def put(settings, name, value):
    """Set a dotted name, making the sections on the way."""
    *sections, last = name.split(".")
    for part in sections:
        settings = settings.setdefault(part, {})
    settings[last] = value
