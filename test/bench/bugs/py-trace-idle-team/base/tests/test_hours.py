import unittest

from timesheet.hours import Entry, by_project, parse
from timesheet.report import report, utilisation
from timesheet.teams import read

ENTRIES = [parse("2024-03-01;ada;web;30"), parse("2024-03-02; bo; app; 12"), parse("2024-03-03;ada;app;10")]


class HoursTest(unittest.TestCase):
    def test_reads_a_line(self):
        self.assertEqual(ENTRIES[1], Entry("2024-03-02", "bo", "app", 12.0))

    def test_by_project(self):
        self.assertEqual(by_project(ENTRIES), [("web", 30.0), ("app", 22.0)])

    def test_utilisation(self):
        team, = read(["web: ada 40"])
        self.assertEqual(utilisation(team, ENTRIES, 2), 0.5)

    def test_report(self):
        teams = read(["web: ada 40", "app: bo 20"])
        self.assertEqual(report(teams, ENTRIES, 1).splitlines()[-1], "busiest: web")


if __name__ == "__main__":
    unittest.main()
