"""How large a table may be."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True)
class Limits:
    """The most that is read of a file; None where there is no limit."""

    bytes: int | None
    rows: int | None
    columns: int | None
    cell: int | None  # characters


# What somebody sends, and what is read from a folder of our own.
UPLOAD = Limits(settings.UPLOAD_MIB << 20, settings.UPLOAD_ROWS, 200, 64 << 10)
FOLDER = Limits(None, None, 200, 64 << 10)
