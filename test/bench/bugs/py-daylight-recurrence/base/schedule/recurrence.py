"""When a recurring job runs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Optional

from schedule.zones import Zone


@dataclass(frozen=True)
class Rule:
    """A job that starts at a local time and repeats every so many calendar days.

    It runs at the same time of the wall clock each time.
    """

    name: str
    zone: Zone
    starts: datetime
    every_days: int = 1
    ends: Optional[datetime] = None

    def __post_init__(self):
        if self.every_days < 1:
            raise ValueError(f"{self.name}: every_days must be at least 1")
        if self.ends is not None and self.ends < self.starts:
            raise ValueError(f"{self.name}: ends before it starts")


def occurrences(rule, count):
    """UTC instants of the first `count` runs; fewer when the rule ends."""
    return list(islice(_walk(rule), count))


def next_after(rule, utc):
    """The first run strictly after the instant, or None when there is none left."""
    for moment in _walk(rule):
        if moment > utc:
            return moment
    return None


def runs_on(rule, day):
    """Local times at which the job runs on this calendar day of its zone."""
    times = []
    for moment in _walk(rule):
        local = rule.zone.to_local(moment)
        if local.date() > day:
            break
        if local.date() == day:
            times.append(local.time())
    return times


def _walk(rule):
    """Every run of the rule in order, as UTC instants."""
    moment = rule.zone.to_utc(rule.starts)
    last = None if rule.ends is None else rule.zone.to_utc(rule.ends)
    while last is None or moment <= last:
        yield moment
        moment += timedelta(days=rule.every_days)
