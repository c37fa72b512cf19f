"""Fits text into a given number of columns."""


def wrap(text, width):
    """Lines of at most `width` characters, broken between words.

    A word that is longer than a line is cut into pieces that fill whole
    lines; what is left of it begins a line. No text makes no line.
    """
    lines = []
    words = text.split()
    while words:
        taken = []
        room = width
        while words and len(words[0]) <= room:
            taken.append(words.pop(0))
            room -= len(taken[-1]) + 1
        if not taken:
            raise RuntimeError(f"{words[0]!r} does not fit into {width} columns")
        lines.append(" ".join(taken))
    return lines


def columns(left, right, width):
    """Both texts on one line, the second at the end of it; the first is cut when there is no room."""
    room = width - len(right) - 1
    return f"{left[:room]:<{room}} {right}"


def centred(text, width):
    return text[:width].center(width).rstrip()


def rule(width, mark="-"):
    return mark * width
