import unittest

from timesheet.hours import parse
from timesheet.report import busiest, report, utilisation
from timesheet.teams import Team, read

ENTRIES = [parse("2024-03-01;ada;web;30")]


class IdleTest(unittest.TestCase):
    def test_nobody_in_the_team(self):
        self.assertEqual(utilisation(Team("new"), ENTRIES, 4), 0.0)

    def test_everybody_on_leave(self):
        self.assertEqual(utilisation(Team("sea", {"cy": 0.0, "di": 0.0}), ENTRIES, 4), 0.0)

    def test_on_leave_but_worked(self):
        self.assertEqual(utilisation(Team("sea", {"ada": 0.0}), ENTRIES, 4), 0.0)

    def test_no_weeks(self):
        self.assertEqual(utilisation(Team("web", {"ada": 40.0}), ENTRIES, 0), 0.0)

    def test_others_keep_their_share(self):
        self.assertEqual(utilisation(Team("web", {"ada": 40.0, "cy": 0.0}), ENTRIES, 1), 0.75)
        self.assertEqual(utilisation(Team("web", {"ada": 0.5}), ENTRIES, 1), 60.0)

    def test_report_has_a_line_for_it(self):
        lines = report(read(["new:", "web: ada 40"]), ENTRIES, 1).splitlines()
        self.assertEqual([line.split() for line in lines], [["new", "0.0", "h", "0%"], ["web", "30.0", "h", "75%"], ["busiest:", "web"]])

    def test_busiest(self):
        teams = read(["new:", "web: ada 40"])
        self.assertEqual(busiest(teams, ENTRIES, 1).name, "web")
        self.assertEqual(busiest(teams, [], 1).name, "new")
        self.assertIsNone(busiest([], ENTRIES, 1))
