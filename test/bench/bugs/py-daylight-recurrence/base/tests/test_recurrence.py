import unittest
from datetime import date, datetime, time

from schedule.agenda import as_lines
from schedule.recurrence import Rule, next_after, occurrences, runs_on
from schedule.zones import UTC, berlin


class OccurrencesTest(unittest.TestCase):
    def test_daily_in_winter(self):
        rule = Rule("backup", berlin(), datetime(2024, 1, 8, 8))
        self.assertEqual(occurrences(rule, 2), [datetime(2024, 1, 8, 7), datetime(2024, 1, 9, 7)])

    def test_keeps_the_wall_clock_when_summer_begins(self):
        rule = Rule("report", berlin(), datetime(2024, 3, 30, 8))
        self.assertEqual(
            occurrences(rule, 3),
            [datetime(2024, 3, 30, 7), datetime(2024, 3, 31, 6), datetime(2024, 4, 1, 6)],
        )

    def test_stops_at_the_end(self):
        rule = Rule("trial", UTC, datetime(2024, 5, 1, 12), ends=datetime(2024, 5, 2, 12))
        self.assertEqual(len(occurrences(rule, 10)), 2)

    def test_next_after_is_strict(self):
        rule = Rule("backup", UTC, datetime(2024, 5, 1, 12))
        self.assertEqual(next_after(rule, datetime(2024, 5, 1, 12)), datetime(2024, 5, 2, 12))

    def test_runs_on_a_day(self):
        rule = Rule("backup", berlin(), datetime(2024, 1, 8, 8), every_days=2)
        self.assertEqual(runs_on(rule, date(2024, 1, 10)), [time(8)])
        self.assertEqual(runs_on(rule, date(2024, 1, 11)), [])

    def test_agenda_merges(self):
        rules = [Rule("b", UTC, datetime(2024, 5, 1, 12)), Rule("a", UTC, datetime(2024, 5, 1, 9))]
        self.assertEqual(as_lines(rules, 2, UTC), ["Wed 01 May 09:00  a", "Wed 01 May 12:00  b"])


if __name__ == "__main__":
    unittest.main()
