"""A playlist."""

from dataclasses import dataclass, field
from typing import List


@dataclass
class Playlist:
    id: int
    title: str
    owner: str
    tracks: List[str] = field(default_factory=list)
    plays: int = 0

    def add(self, *tracks):
        """Add tracks at the end; those that are in it already stay where they are."""
        self.tracks += [track for track in dict.fromkeys(tracks) if track not in self.tracks]
