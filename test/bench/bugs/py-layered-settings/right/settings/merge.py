"""How one layer of settings goes over another."""

import copy


def merged(base, over):
    """The settings of `base` with those of `over` on top.

    Sections are merged key by key. A key that ends in "+" adds its items to
    the list under the plain key. None removes a key. Everything else
    replaces what was there. Both arguments stay as they are, and the result
    shares no section or list with them.
    """
    result = copy.deepcopy(base)
    for key, value in over.items():
        if key.endswith("+"):
            _extend(result, key[:-1], value)
        elif value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(result.get(key), dict):
            _merge_section(result[key], value)
        else:
            result[key] = copy.deepcopy(value)
    return result


def _merge_section(section, over):
    for key, value in merged(section, over).items():
        section[key] = value
    for key, value in over.items():
        if value is None:
            section.pop(key, None)


def _extend(result, key, items):
    if not isinstance(items, list):
        raise TypeError(f"{key}+ takes a list, not {type(items).__name__}")
    result.setdefault(key, []).extend(copy.deepcopy(items))
