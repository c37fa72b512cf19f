"""Plain text tables for the terminal."""


def table(heading, rows):
    """Columns as wide as their longest cell; the heading is underlined."""
    cells = [[str(cell) for cell in row] for row in [heading, *rows]]
    widths = [max(len(row[index]) for row in cells) for index in range(len(heading))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
