"""What templates can do to a text. Arguments follow a colon: truncate:20."""


def upper(text):
    return text.upper()


def title(text):
    """Every word with a capital."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))


def initials(text):
    return "".join(word[0].upper() for word in text.split())


def truncate(text, length="60"):
    """At most `length` characters; the last one is … where something was cut."""
    limit = int(length)
    return text if len(text) <= limit else text[:limit - 1].rstrip() + "…"


def default(text, other=""):
    """Something else where there is no text."""
    return text if text.strip() else other


FILTERS = {"upper": upper, "title": title, "initials": initials, "truncate": truncate, "default": default}


def apply_filter(call, text):
    """Apply "name" or "name:argument". Raises KeyError for an unknown name."""
    name, colon, argument = call.partition(":")
    known = FILTERS[name.strip()]
    return known(text, argument.strip()) if colon else known(text)
