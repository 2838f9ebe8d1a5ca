"""What is declared of how a foreign file is written; nothing of it is guessed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """How a file is written, as far as somebody says so.

    ``encoding`` is one of ``contents.ENCODINGS``; without it a text is UTF-8, or has a
    byte order mark. ``header_rows`` are the numbers of the lines that name the columns;
    without them it is the first that is not empty. ``sheet`` is that of a workbook.
    """

    encoding: str = ""
    header_rows: tuple[int, ...] = ()
    sheet: str = ""
