"""Reads and adds up working hours."""

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True)
class Entry:
    """Hours that a person worked for a project on a day (YYYY-MM-DD)."""

    day: str
    person: str
    project: str
    hours: float


def parse(line):
    """Read "2024-03-01;ada;web;7.5"."""
    day, person, project, hours = (part.strip() for part in line.split(";"))
    return Entry(day, person, project, float(hours))


def by_person(entries):
    """Hours of each person."""
    totals = defaultdict(float)
    for entry in entries:
        totals[entry.person] += entry.hours
    return dict(totals)


def by_project(entries):
    """Hours of each project, the longest first."""
    totals = defaultdict(float)
    for entry in entries:
        totals[entry.project] += entry.hours
    return sorted(totals.items(), key=lambda item: (-item[1], item[0]))
