"""The monthly report for the management."""

from timesheet.hours import by_person


def worked(team, entries):
    """Hours that the members of a team worked."""
    totals = by_person(entries)
    return sum(totals.get(person, 0.0) for person in team.members)


def utilisation(team, entries, weeks):
    """Share of the capacity that was worked; 0.0 for a team without any capacity."""
    capacity = team.capacity(weeks)
    if capacity == 0:
        return 0.0
    return worked(team, entries) / capacity


def busiest(teams, entries, weeks):
    """The team with the highest utilisation, the first of several; None without teams."""
    return max(teams, key=lambda team: utilisation(team, entries, weeks), default=None)


def report(teams, entries, weeks):
    """One line per team, and the busiest one at the end."""
    lines = []
    for team in teams:
        share = utilisation(team, entries, weeks)
        lines.append(f"{team.name:<10} {worked(team, entries):>7.1f} h {share:>6.0%}")
    top = busiest(teams, entries, weeks)
    if top is not None:
        lines.append(f"busiest: {top.name}")
    return "\n".join(lines)
