"""Clock times as minutes since midnight."""


def minutes(text):
    """Read "9:05" or "17:30"; "24:00" is the end of the day."""
    hour, colon, minute = text.partition(":")
    if not colon or not hour.isdigit() or not minute.isdigit():
        raise ValueError(f"{text!r} is not a time")
    value = int(hour) * 60 + int(minute)
    if int(minute) > 59 or value > 24 * 60:
        raise ValueError(f"{text!r} is not a time of the day")
    return value


def clock(value):
    return f"{value // 60}:{value % 60:02d}"
