import pytest

from booking.rooms import Room, Taken


@pytest.fixture
def room():
    return Room("Blue")


def test_back_to_back(room):
    room.book("9:00", "10:00", "Ada")
    room.book("10:00", "11:00", "Bo")
    assert room.free() == [("8:00", "9:00"), ("11:00", "20:00")]


def test_overlap_is_refused(room):
    room.book("9:00", "10:00", "Ada")
    with pytest.raises(Taken, match="Ada"):
        room.book("9:30", "9:45", "Bo")


def test_busy_day_has_no_room_for_one_more(room):
    room.book("12:00", "13:00", "Ada")
    room.book("9:00", "10:00", "Bo")
    room.book("15:00", "18:00", "Cy")
    with pytest.raises(Taken, match="Cy"):
        room.book("16:00", "17:00", "Di")


def test_cancelled_time_is_free_again(room):
    booking = room.book("9:00", "10:00", "Ada")
    room.cancel(booking)
    room.book("9:00", "9:30", "Bo")


def test_closed(room):
    with pytest.raises(ValueError, match="8:00 to 20:00"):
        room.book("7:00", "9:00", "Ada")
