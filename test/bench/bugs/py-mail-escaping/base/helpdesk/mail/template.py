"""Fills mail templates.

    {{ ticket.subject | upper }}    a value, through filters from left to right
    {% if ticket.overdue %}…{% else %}…{% end %}

Filters work on the plain text; what comes out is escaped for HTML.
"""

import html
import re

from helpdesk.mail.filters import apply_filter

PIECE = re.compile(r"\{\{(.+?)\}\}|\{%(.+?)%\}", re.DOTALL)


class TemplateError(ValueError):
    """A template that cannot be filled."""


def fill(template, context):
    """The template as HTML. Raises TemplateError for unknown names and filters."""
    output = []
    showing = [True]
    at = 0
    for match in PIECE.finditer(template):
        if all(showing):
            output.append(template[at:match.start()])
        at = match.end()
        expression, command = match.groups()
        if command is not None:
            _command(command.strip(), showing, context)
        elif all(showing):
            output.append(_value(expression, context))
    if len(showing) > 1:
        raise TemplateError("an if has no end")
    return "".join(output) + template[at:]


def _command(command, showing, context):
    """Open, turn or close a condition."""
    if command.startswith("if "):
        showing.append(bool(lookup(command[3:].strip(), context)) if all(showing) else False)
    elif command == "else" and len(showing) > 1:
        showing[-1] = not showing[-1]
    elif command == "end" and len(showing) > 1:
        showing.pop()
    else:
        raise TemplateError(f"{command!r} is not understood here")


def _value(expression, context):
    name, *filters = [part.strip() for part in expression.split("|")]
    value = lookup(name, context)
    text = html.escape("" if value is None else str(value))
    for call in filters:
        try:
            text = apply_filter(call, text)
        except KeyError:
            raise TemplateError(f"there is no filter {call!r}") from None
    return text


def lookup(name, context):
    """The value of a dotted name, by key or by attribute."""
    value = context
    for part in name.split("."):
        if isinstance(value, dict) and part in value:
            value = value[part]
        elif hasattr(value, part) and not part.startswith("_"):
            value = getattr(value, part)
        else:
            raise TemplateError(f"{name} is not known")
    return value
