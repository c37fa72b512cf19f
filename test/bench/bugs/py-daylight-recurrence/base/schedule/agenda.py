"""A merged list of what runs next."""

import heapq

from schedule.recurrence import occurrences


def upcoming(rules, count):
    """The next `count` runs of all rules as (UTC instant, name), earliest first."""
    runs = ((moment, rule.name) for rule in rules for moment in occurrences(rule, count))
    return heapq.nsmallest(count, runs)


def as_lines(rules, count, zone):
    """The same for people of one zone."""
    return [f"{zone.to_local(moment):%a %d %b %H:%M}  {name}" for moment, name in upcoming(rules, count)]
