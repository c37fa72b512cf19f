"""Places and their distance from UTC, without a time zone database.

Local times and UTC instants are both naive datetimes; names tell them apart.
"""

from bisect import bisect_right
from datetime import datetime, timedelta


class Zone:
    """A name and the UTC instants at which its offset changes."""

    def __init__(self, name, standard_minutes, changes=()):
        self.name = name
        self._standard = timedelta(minutes=standard_minutes)
        ordered = sorted(changes)
        self._instants = [instant for instant, _ in ordered]
        self._offsets = [timedelta(minutes=minutes) for _, minutes in ordered]

    def offset_at(self, utc):
        """What is added to this UTC instant to get the local time."""
        index = bisect_right(self._instants, utc)
        return self._standard if index == 0 else self._offsets[index - 1]

    def to_local(self, utc):
        return utc + self.offset_at(utc)

    def to_utc(self, local):
        """The instant at which clocks show `local`.

        A time that clocks show twice means the first of both. A time that
        they skip is moved forward by as much as they are.
        """
        day = timedelta(days=1)
        guesses = [local - self.offset_at(local - day), local - self.offset_at(local + day)]
        for guess in guesses:
            if self.to_local(guess) == local:
                return guess
        return guesses[0]

    def __repr__(self):
        return f"Zone({self.name})"


def berlin():
    """Central European time for the years that the tests and the demo need."""
    return Zone(
        "Europe/Berlin",
        60,
        [
            (datetime(2023, 3, 26, 1), 120),
            (datetime(2023, 10, 29, 1), 60),
            (datetime(2024, 3, 31, 1), 120),
            (datetime(2024, 10, 27, 1), 60),
        ],
    )


UTC = Zone("UTC", 0)
