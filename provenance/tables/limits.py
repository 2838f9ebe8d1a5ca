"""How large a CSV file may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The most that is read of a file; None where there is no limit."""

    bytes: int | None
    rows: int | None
    columns: int | None
    cell: int | None  # characters


UPLOAD = Limits(20 << 20, 100_000, 200, 64 << 10)  # what somebody sends
FOLDER = Limits(None, None, 200, 64 << 10)  # what is read from a folder of our own
