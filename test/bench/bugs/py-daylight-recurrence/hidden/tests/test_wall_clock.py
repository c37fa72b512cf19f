import unittest
from datetime import date, datetime, time, timedelta

from schedule.recurrence import Rule, next_after, occurrences, runs_on
from schedule.zones import UTC, Zone, berlin


class WallClockTest(unittest.TestCase):
    def test_autumn(self):
        rule = Rule("report", berlin(), datetime(2024, 10, 26, 23, 30))
        self.assertEqual(occurrences(rule, 2), [datetime(2024, 10, 26, 21, 30), datetime(2024, 10, 27, 22, 30)])

    def test_weekly_through_a_year(self):
        zone = berlin()
        rule = Rule("weekly", zone, datetime(2024, 1, 1, 6, 15), every_days=7)
        for index, moment in enumerate(occurrences(rule, 52)):
            self.assertEqual(zone.to_local(moment), datetime(2024, 1, 1, 6, 15) + timedelta(days=7 * index))

    def test_skipped_time_moves_that_day_only(self):
        zone = berlin()
        rule = Rule("night", zone, datetime(2024, 3, 30, 2, 30))
        local = [zone.to_local(moment) for moment in occurrences(rule, 3)]
        self.assertEqual(local, [datetime(2024, 3, 30, 2, 30), datetime(2024, 3, 31, 3, 30), datetime(2024, 4, 1, 2, 30)])

    def test_next_after_and_runs_on_in_summer(self):
        rule = Rule("report", berlin(), datetime(2024, 3, 1, 8))
        self.assertEqual(next_after(rule, datetime(2024, 6, 1, 5, 59)), datetime(2024, 6, 1, 6))
        self.assertEqual(next_after(rule, datetime(2024, 6, 1, 6)), datetime(2024, 6, 2, 6))
        self.assertEqual(runs_on(rule, date(2024, 7, 9)), [time(8)])

    def test_end_in_the_other_season_counts(self):
        rule = Rule("report", berlin(), datetime(2024, 3, 30, 8), ends=datetime(2024, 4, 1, 8))
        self.assertEqual(len(occurrences(rule, 9)), 3)
        self.assertIsNone(next_after(rule, datetime(2024, 4, 1, 6)))
        late = Rule("report", berlin(), datetime(2024, 10, 26, 8), ends=datetime(2024, 10, 28, 8))
        self.assertEqual(len(occurrences(late, 9)), 3)

    def test_half_hour_zone(self):
        zone = Zone("Lord Howe", 660, [(datetime(2024, 4, 6, 15), 630)])
        rule = Rule("x", zone, datetime(2024, 4, 6, 9))
        self.assertEqual([zone.to_local(m).time() for m in occurrences(rule, 3)], [time(9)] * 3)

    def test_plain_zone_unchanged(self):
        rule = Rule("x", UTC, datetime(2024, 3, 30, 8), every_days=3)
        self.assertEqual(occurrences(rule, 2), [datetime(2024, 3, 30, 8), datetime(2024, 4, 2, 8)])
