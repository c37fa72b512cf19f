import random

import pytest

from booking.intervals import Booking, IntervalTree


def check(tree, bookings):
    assert list(b.start for b in tree) == sorted(b.start for b in bookings)
    assert len(tree) == len(bookings)
    for start in range(0, 60, 3):
        for end in (start + 1, start + 7):
            expected = sorted((b for b in bookings if b.start < end and start < b.end), key=lambda b: b.start)
            found = tree.overlapping(start, end)
            assert [b.start for b in found] == [b.start for b in expected]
            assert set(found) == set(expected)


@pytest.mark.parametrize("seed", range(30))
def test_like_looking_at_all(seed):
    rnd = random.Random(seed)
    tree, bookings = IntervalTree(), []
    for number in range(rnd.randint(1, 25)):
        start = rnd.randrange(60)
        bookings.append(Booking(start, start + rnd.randint(1, 20), f"p{number}"))
        tree.add(bookings[-1])
    check(tree, bookings)
    for booking in rnd.sample(bookings, len(bookings) // 2):
        tree.remove(booking)
        bookings.remove(booking)
        check(tree, bookings)


def test_long_one_on_either_side():
    for starts in ([5, 2, 8], [5, 8, 2], [5, 8, 9], [5, 2, 1]):
        for long in starts:
            tree = IntervalTree()
            for start in starts:
                tree.add(Booking(start, 50 if start == long else start + 1, str(start)))
            assert [b.who for b in tree.overlapping(40, 41)] == [str(long)]


def test_half_open():
    tree = IntervalTree()
    tree.add(Booking(10, 20, "a"))
    assert tree.overlapping(0, 10) == [] and tree.overlapping(20, 30) == []
    assert len(tree.overlapping(19, 20)) == 1


def test_missing():
    with pytest.raises(KeyError):
        IntervalTree().remove(Booking(1, 2, "x"))
