"""What is wrong in a file: where, why, and which value it is about."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

MAX_FAULTS = 1000  # told of one file: nobody mends more at a time
WHY = "why_set_aside"  # the column that says it of rows that came back; read as none
MAX_SHOWN = 80  # characters of a cell in a sentence


def shown(text):
    """The beginning of a text, with what no reader sees written out."""
    start = "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode()
        for sign in text[:MAX_SHOWN]
    )
    return f"{start}…" if len(text) > MAX_SHOWN else start


class MadeLine(int):
    """The line of a row that is made of one column of its line, and that column."""

    def __new__(cls, line, column):
        self = super().__new__(cls, line)
        self.column = column
        return self


def made_of(line):
    """The column of its line that a row is made of; "" if it is the whole line."""
    return getattr(line, "column", "")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in a file: where, and what would be right."""

    line: int
    message: str
    column: str = ""
    value: str = ""
    code: str = field(default="", compare=False)  # a word for programs
    made_of: str = field(default="", init=False)  # as of its line

    def __post_init__(self):
        object.__setattr__(self, "made_of", made_of(self.line))

    def named(self, column):
        """The same of the column of another name, in a line of the file."""
        return Fault(int(self.line), self.message, column, self.value, self.code)

    def __str__(self):
        place = _("line %d") % self.line if self.line else _("the file")
        if self.column:
            place = f'{place}, column "{shown(self.column)}"'
        return f"{place}: {self._sentence()}"

    @property
    def in_its_row(self):
        """What is wrong, as it is said beside the row."""
        place = f"{shown(self.column)}: " if self.column else ""
        return f"{place}{self._sentence()}"

    def _sentence(self):
        value = shown(self.value)
        if not value or any(
            f"“{text}" in self.message
            for text in (self.value[:MAX_SHOWN], value.removesuffix("…"))
        ):
            return self.message
        stop = "." if self.message.endswith(".") else ""
        return f"{self.message.removesuffix('.')} (“{value}”){stop}"


class TableError(ValueError):
    """A file that is no table; ``faults`` says all that is wrong with it."""

    def __init__(self, *faults):
        self.faults = faults
        super().__init__("; ".join(str(fault) for fault in faults))


def in_order(faults):
    """The first of some faults, by line; where there are more, the last counts them."""
    by_line = sorted(faults, key=lambda fault: fault.line)
    if len(by_line) <= MAX_FAULTS:
        return by_line
    more = _("%d more things are wrong with it.") % (len(by_line) - MAX_FAULTS + 1)
    return [*by_line[: MAX_FAULTS - 1], Fault(0, more)]
