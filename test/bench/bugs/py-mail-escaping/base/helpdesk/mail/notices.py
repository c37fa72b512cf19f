"""The mails that the desk sends."""

from helpdesk.mail.template import fill

ASSIGNED = "<h1>{{ ticket.subject | upper }}</h1><p>For {{ agent.name }}.{% if ticket.overdue %} <b>Overdue!</b>{% end %}</p>"
DIGEST_ROW = "<li>{{ ticket.subject | truncate:24 }} ({{ ticket.customer | default:unknown }})</li>"


def assigned(ticket, agent):
    """Tells an agent about a ticket."""
    return fill(ASSIGNED, {"ticket": ticket, "agent": agent})


def digest(tickets):
    """The morning mail with all open tickets."""
    rows = [fill(DIGEST_ROW, {"ticket": ticket}) for ticket in tickets]
    return f"<ul>{''.join(rows)}</ul>" if rows else "<p>Nothing to do.</p>"
