"""Decides when somebody has to look after the cold store."""

from sensors.window import EmptyWindow, Window


class Alarm:
    """Rings when the median of the last minutes is too warm, or when the sensor is silent."""

    def __init__(self, limit, seconds=300):
        self._limit = limit
        self._window = Window(seconds)

    def hear(self, reading):
        self._window.add(reading)

    def state(self, now):
        """"ok", "warm" or "silent" at this time."""
        self._window.expire(now)
        try:
            return "warm" if self._window.median() > self._limit else "ok"
        except EmptyWindow:
            return "silent"

    def report(self, now):
        """One line for the screen in the office."""
        state = self.state(now)
        if state == "silent":
            return "silent"
        return f"{state}: median {self._window.median():.1f}, spread {self._window.spread():.1f}"
