"""Teams and how much they could work."""

from dataclasses import dataclass, field
from typing import Dict


@dataclass
class Team:
    """`members` leads from people to the hours a week in their contracts; people on leave have 0."""

    name: str
    members: Dict[str, float] = field(default_factory=dict)

    def capacity(self, weeks):
        """Hours of all members together."""
        return sum(self.members.values()) * weeks


def read(lines):
    """Read "web: ada 40, bo 20"; a team may have nobody yet."""
    teams = []
    for line in lines:
        name, _, people = line.partition(":")
        members = {}
        for part in people.split(","):
            words = part.split()
            if words:
                members[words[0]] = float(words[1])
        teams.append(Team(name.strip(), members))
    return teams
