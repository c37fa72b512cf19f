"""python3 -m timesheet TEAMS ENTRIES WEEKS prints the report."""

import sys

from timesheet.hours import parse
from timesheet.report import report
from timesheet.teams import read


def main(argv):
    with open(argv[0], encoding="utf-8") as file:
        teams = read(line for line in file if line.strip())
    with open(argv[1], encoding="utf-8") as file:
        entries = [parse(line) for line in file if line.strip()]
    print(report(teams, entries, float(argv[2])))


if __name__ == "__main__":
    main(sys.argv[1:])
