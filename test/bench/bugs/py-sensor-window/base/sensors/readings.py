"""A reading as the sensor sends it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reading:
    """`at` is in seconds, `value` in degrees."""

    at: float
    value: float


def parse(line):
    """Read "1700000000.5 4.25"; raises ValueError for anything else."""
    parts = line.split()
    if len(parts) != 2:
        raise ValueError(f"{line!r} is no reading")
    return Reading(float(parts[0]), float(parts[1]))
