"""Lists in pages."""


def page(items, number, size=20):
    """The items of a page, counted from 1; nothing beyond the last."""
    if number < 1 or size < 1:
        raise ValueError("pages count from 1")
    return list(items)[(number - 1) * size:number * size]


def pages(count, size=20):
    """How many pages there are for so many items."""
    return -(-count // size)
