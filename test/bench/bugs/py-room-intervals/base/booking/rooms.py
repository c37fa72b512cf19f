"""Rooms and who sits in them when."""

from booking.intervals import Booking, IntervalTree
from booking.times import clock, minutes


class Taken(Exception):
    """Somebody was faster."""


class Room:
    def __init__(self, name, opens="8:00", closes="20:00"):
        self.name = name
        self._opens = minutes(opens)
        self._closes = minutes(closes)
        self._bookings = IntervalTree()

    def book(self, start, end, who):
        """Book from one clock time to another. Raises Taken with who is in the way."""
        booking = Booking(minutes(start), minutes(end), who)
        if booking.start < self._opens or booking.end > self._closes:
            raise ValueError(f"{self.name} is open from {clock(self._opens)} to {clock(self._closes)}")
        clashes = self._bookings.overlapping(booking.start, booking.end)
        if clashes:
            raise Taken(", ".join(clash.who for clash in clashes))
        self._bookings.add(booking)
        return booking

    def cancel(self, booking):
        self._bookings.remove(booking)

    def free(self):
        """Free times of the day as pairs of clock times."""
        gaps = []
        at = self._opens
        for booking in self._bookings:
            if booking.start > at:
                gaps.append((clock(at), clock(booking.start)))
            at = max(at, booking.end)
        if at < self._closes:
            gaps.append((clock(at), clock(self._closes)))
        return gaps
