"""A search tree of bookings that finds overlaps without looking at all of them.

Bookings are half-open: one that ends at 10:00 leaves 10:00 free. The tree is
ordered by start; every node knows the latest end below it, so that whole
branches can be left out.
"""

from dataclasses import dataclass
from typing import Optional


@dataclass(frozen=True)
class Booking:
    start: int
    end: int
    who: str

    def __post_init__(self):
        if self.end <= self.start:
            raise ValueError(f"{self.who}: ends before it starts")


@dataclass
class _Node:
    booking: Booking
    latest: int
    left: Optional["_Node"] = None
    right: Optional["_Node"] = None


class IntervalTree:
    """Bookings of one room; they may overlap."""

    def __init__(self):
        self._root = None
        self._size = 0

    def __len__(self):
        return self._size

    def __iter__(self):
        """All bookings by start."""
        yield from _walk(self._root)

    def add(self, booking):
        self._root = _insert(self._root, booking)
        self._size += 1

    def remove(self, booking):
        """Take one out; raises KeyError when it is not there."""
        self._root = _remove(self._root, booking)
        self._size -= 1

    def overlapping(self, start, end):
        """Bookings that share at least a minute with start..end, by start."""
        found = []
        _collect(self._root, start, end, found)
        return found


def _walk(node):
    if node is not None:
        yield from _walk(node.left)
        yield node.booking
        yield from _walk(node.right)


def _insert(node, booking):
    if node is None:
        return _Node(booking, booking.end)
    if booking.start < node.booking.start:
        node.left = _insert(node.left, booking)
    else:
        node.right = _insert(node.right, booking)
    return _refresh(node)


def _remove(node, booking):
    if node is None:
        raise KeyError(booking)
    if node.booking == booking:
        return _join(node.left, node.right)
    if booking.start < node.booking.start:
        node.left = _remove(node.left, booking)
    else:
        node.right = _remove(node.right, booking)
    return _refresh(node)


def _join(left, right):
    """One tree of two, all of `left` being before `right`."""
    if left is None:
        return right
    left.right = _join(left.right, right)
    return _refresh(left)


def _refresh(node):
    """Work out the latest end again after a change below."""
    node.latest = node.booking.end
    if node.left is not None:
        node.latest = max(node.latest, node.left.latest)
    if node.right is not None:
        node.latest = max(node.latest, node.right.latest)
    return node


def _collect(node, start, end, found):
    if node is None or node.latest <= start:
        return
    _collect(node.left, start, end, found)
    if node.booking.start < end and start < node.booking.end:
        found.append(node.booking)
    if node.booking.start < end:
        _collect(node.right, start, end, found)
