"""The readings of the last so many seconds and figures about them.

Figures are asked for far more often than readings come in, so the sorted
values are kept between two changes.
"""

from collections import deque


class EmptyWindow(Exception):
    """There is no reading to say anything about."""


class Window:
    """Readings not older than `seconds`; at most `limit` of them, the newest ones."""

    def __init__(self, seconds, limit=1000):
        if seconds <= 0 or limit < 1:
            raise ValueError("a window needs a length and room for a reading")
        self._seconds = seconds
        self._limit = limit
        self._readings = deque()
        self._sorted = None

    def __len__(self):
        return len(self._readings)

    def add(self, reading):
        """Add a reading; they come in the order of their times."""
        if self._readings and reading.at < self._readings[-1].at:
            raise ValueError(f"reading at {reading.at} comes too late")
        self._readings.append(reading)
        if len(self._readings) > self._limit:
            self._readings.popleft()
        self._sorted = None
        self.expire(reading.at)

    def expire(self, now):
        """Forget what is older than the window; returns how many readings that were."""
        oldest = now - self._seconds
        gone = 0
        while self._readings and self._readings[0].at < oldest:
            self._readings.popleft()
            gone += 1
        if gone:
            self._sorted = None
        return gone

    def clear(self):
        self._readings.clear()
        self._sorted = None

    def latest(self):
        if not self._readings:
            raise EmptyWindow()
        return self._readings[-1]

    def mean(self):
        values = self._values()
        return sum(values) / len(values)

    def spread(self):
        """Distance between the lowest and the highest value."""
        values = self._values()
        return values[-1] - values[0]

    def quantile(self, share):
        """The lowest value that at least this share of the readings do not exceed."""
        if not 0 < share <= 1:
            raise ValueError("share must be above 0 and at most 1")
        values = self._values()
        rank = -(-len(values) * share // 1)
        return values[int(rank) - 1]

    def median(self):
        return self.quantile(0.5)

    def _values(self):
        if self._sorted is None:
            self._sorted = sorted(reading.value for reading in self._readings)
        if not self._sorted:
            raise EmptyWindow()
        return self._sorted
