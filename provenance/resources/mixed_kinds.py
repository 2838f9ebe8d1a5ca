"""A table whose rows are of several kinds, told by the column ``type``."""

from collections import defaultdict

from django.utils.translation import gettext as _

from ..tables import Fault
from .reading import TableReading


class PartOfSheet:
    """The columns of a sheet that each kind of row has."""

    def __init__(self, headers, wrong):
        self.headers, self.wrong = headers, wrong


class MixedReading(TableReading):
    """Reads each row with the resource of its kind, into one outcome."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.parts = self.resource.parts()
        self.readings = {}  # by the word for the kind

    def begin(self):
        pass  # each part begins with its first row

    def take(self, lines, rows):
        self.met.update(self.wrong.keys() & lines)
        kind, parts = self.headers.index("type"), defaultdict(list)
        for line, row in zip(lines, rows, strict=True):
            parts[row[kind]].append((line, [*row[:kind], *row[kind + 1 :]]))
        for word, part in parts.items():
            if word in self.parts:
                self._reading(word).take(*map(list, zip(*part, strict=True)))
            else:
                self._refuse(word, [line for line, _row in part])

    def end(self):
        for reading in self.readings.values():
            reading.end()

    def _reading(self, word):
        """The reading of the rows of a kind, begun with the first of them."""
        if word not in self.readings:
            headers = [name for name in self.headers if name != "type"]
            sheet, rows = PartOfSheet(headers, self.wrong), self.parts[word]
            self.readings[word] = TableReading(rows, sheet, self.job, self.outcome)
            self.readings[word].begin()
        return self.readings[word]

    def _refuse(self, word, lines):
        message = _("“%(type)s” is not a valid type; choose one of: %(known)s.")
        known = ", ".join(self.parts)
        for line in lines:
            faults = [*self.wrong.get(line, ())]
            if word is not None:
                said = message % {"type": word[:80], "known": known}
                faults.append(Fault(line, said, "type"))
            self.outcome.refuse(line, faults, word or "")

    def line_that_wrote(self, record):
        return next(
            filter(None, (r.line_that_wrote(record) for r in self.readings.values())), 0
        )
