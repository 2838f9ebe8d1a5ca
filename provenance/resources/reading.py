"""Reads one table of an import: what becomes of each row, and the writing of it.

Some thousand rows are taken at once and looked at column by column: which are on record
under their key, what is wrong with their cells, which rules of the model the rows as a
whole break. What is right is written at once, so that later rows meet it; whoever
imports undoes it all if anything is wrong.
"""

import re
from array import array
from collections import defaultdict
from functools import cached_property

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..db.keys import Keys
from ..review.permissions import may
from ..tables import Fault, TableError
from ..values.suggestions import close_to
from .differing_rows import change_rows, keep_rows
from .duplicate_keys import FirstLines
from .job import Batch
from .lookalikes import Lookalikes
from .new_rows import make_rows
from .order import InOrder
from .proposed_slugs import taken, with_slugs
from .rows_on_record import RowsOnRecord
from .rules import Rules
from .stated_rows import state_rows
from .telling import tell

PARTS = re.compile(r"[\",;\t]")  # what stands between the cells of a row, if anything


class TableReading:
    """One table of an import; ``chunks`` reads it, ``outcome`` is what became of it.

    What it knows of the table while it is read is there for what writes its rows.
    """

    def __init__(self, resource, sheet, job, outcome):
        self.resource, self.sheet, self.job = resource, sheet, job
        self.model = resource._meta.model
        self.lacking = [name for name in resource.may_lack if name not in sheet.headers]
        self.headers = [*sheet.headers, *self.lacking]
        self.outcome = outcome
        self.wrong = getattr(sheet, "wrong", {})  # by line, before it is a row of ours
        self.refused = job.refused.get(outcome.table, {})
        self.told_needed = set()  # columns of which a row was told that it lacks them
        self.to_cite = defaultdict(
            Keys
        )  # new records, by the field that is to be cited
        self.met = set()  # lines that are wrong, and have rows that can be read
        self.first_lines = FirstLines()
        # What was written and on which line: compact, since it is seldom asked for.
        self._keys_written, self._lines_written = array("q"), array("I")
        self.inward, self.brought, self.circles = [], frozenset(), {}

    @property
    def has_parts(self):
        """Whether its rows are parts of records, which may lack them."""
        return self.model is None or bool(self.model.owner)

    def chunks(self):
        """Reads all of it; yields the number of rows taken each time.

        Of what is no table of ours as it is all that can be read is, for what is wrong
        there to be told as well.
        """
        if said := self.resource.header_faults(self.headers):
            faults = [Fault(0, sentence) for sentence in said]
            self.sheet = self.resource.of_known_columns(self.sheet)
            self.give_up(faults, nothing_is_read=not self.sheet)
        self._withhold_unread()
        if self.sheet:
            self.headers = [*self.sheet.headers, *self.lacking]
            self.begin()
            yield from self._read_all()
        else:
            self._refuse_unread()
        if self.outcome.is_unread:  # no rows of it are set aside
            self.outcome.wrong.clear()

    def _withhold_unread(self):
        """Takes down what others may name of rows that cannot be read.

        Whatever is in such a row may be its slug.
        """
        if unread := getattr(self.sheet, "unread", ()):
            for _line, row, beside in self.sheet.rows_on(unread):
                for text in (*row, *beside):
                    for part in PARTS.split(text):
                        self.job.withhold(self.model, part)

    def _refuse_unread(self):
        """Takes down the rows that are wrong, and of which nothing could be read."""
        for line in sorted(self.wrong.keys() - self.met):
            self.outcome.refuse(line, self.wrong[line])

    @cached_property
    def needed(self):
        """The columns that the file has not, and no new row can be without."""
        unknown = set(self.outcome.columns) - self.resource.fields.keys()
        return [
            name
            for name, cell in self.resource.fields.items()
            if name not in self.cells
            and _is_needed(cell)
            # Of one that is misspelt it is told what it may be meant to be.
            and not any(close_to(other, [name]) for other in unknown)
        ]

    def _read_all(self):
        try:
            rows = InOrder(self.sheet, self.inward)
            self.brought, self.circles = rows.brought, rows.circles
            for name in self.inward:
                self.cells[name].widget.beside = rows.brought
            for lines, chunk in rows.chunks():
                if self.lacking:
                    chunk = [(*row, *("" for _name in self.lacking)) for row in chunk]
                for part_lines, part in self._generations(lines, chunk):
                    self.take(part_lines, part)
                yield len(chunk)
        except TableError as error:
            self.give_up(error.faults)
        self.end()
        self._refuse_unread()
        self.outcome.arrange()

    def begin(self):
        """Makes ready for the first row."""
        self.cells = {name: self.resource.fields[name] for name in self.headers}
        for cell in self.resource.fields.values():
            cell.forget()
        meta = self.model._meta
        self.pk = meta.pk.attname
        self.owner = (
            meta.get_field(self.model.owner).attname if self.model.owner else ""
        )
        self.lookalikes = Lookalikes(self.model)
        self.key = list(self.resource.key_columns())
        self.rules = Rules(self.model, self.key)
        self.on_record = RowsOnRecord(self.resource, self.headers)
        self.key_places = [self.headers.index(name) for name in self.key]
        self.inward = [
            name
            for name, cell in self.cells.items()
            if cell.is_relation and cell.widget.model is self.model
        ]

    def end(self):
        """Ends what only the reading of rows needed: other tables follow."""
        if self.to_cite:
            self.job.attribution.cite_waiting(self)
        for name, cell in self.cells.items():
            self.outcome.tell_of_point_zeros(name, cell.point_zeros)
        self.first_lines = self.on_record = None
        for cell in self.resource.fields.values():
            cell.forget()

    def give_up(self, faults, nothing_is_read=True):
        """Takes down that the file cannot be written as it is, and why."""
        self.outcome.is_unread = True
        self.outcome.faults += faults
        if nothing_is_read:
            self.job.withhold(self.model)

    def _generations(self, lines, rows):
        """The rows in parts, so that none names a new row of its own part."""
        if not self.brought:
            return [(lines, rows)]
        inward = [(self.headers.index(name), self.cells[name]) for name in self.inward]
        slug, depth, parts = self.headers.index("slug"), {}, defaultdict(list)
        for line, row in zip(lines, rows, strict=True):
            names = {n for place, cell in inward for n in cell.slugs_in(row[place])}
            depth[row[slug]] = own = 1 + max(
                (depth.get(n, 0) for n in names), default=0
            )
            parts[own].append((line, row))
        return [tuple(zip(*parts[own], strict=True)) for own in sorted(parts)]

    # one batch

    def take(self, lines, rows):
        """Reads some rows, and writes those of them that are right."""
        rows, proposed = with_slugs(self, rows)
        batch = Batch(lines, [tuple(row) for row in rows])
        columns = dict(zip(self.headers, zip(*rows, strict=True), strict=True))
        keys, values = self._keys(batch, columns)
        recorded, nothing_under = self.on_record.under(values, keys)
        fresh, known, same = [], [], []
        for place, key in enumerate(keys):
            found = recorded.get(key)
            if key is None:
                continue
            if found is None:
                fresh.append(place)
            elif place in proposed:
                batch.refuse(place, taken(key[0]), "slug")
            elif found.texts == batch.rows[place] and batch.is_right(place):
                same.append(place)
            else:
                known.append(place)
        self._look_at(batch, keys, columns)
        make_rows(self, batch, fresh, columns, values, nothing_under)
        if self.job.attribution:
            state_rows(self, batch, [*same, *known], keys, recorded, columns)
        else:
            settle = keep_rows if self.job.only_adds else change_rows
            known = settle(self, batch, known, keys, recorded, columns)
            batch.same = sorted([*same, *known])
        tell(self, batch, keys)

    def _keys(self, batch, columns):
        """The key of each row in canonical form, None for a wrong one; its values."""
        texts, values = [], {}
        for name in self.key:
            values[name], canonical = self.cells[name].read(columns[name])
            texts.append(canonical)
            self._refuse_cells(batch, range(len(batch.rows)), name, columns[name])
        keys = list(zip(*texts, strict=True))
        for place, key in enumerate(keys):
            if None in key or batch.lines[place] in self.refused:
                keys[place] = None
        self._refuse_as_before(batch)
        for place, (line, key) in enumerate(zip(batch.lines, keys, strict=True)):
            if key is None:
                continue
            first = self.first_lines.first(self._folded(key), line)
            if line in self.circles:
                said = self.circles[line]
            elif first != line:
                said = self._twin(batch.rows[place], first, key)
            else:
                continue
            batch.refuse(place, ValidationError(said))
            keys[place] = None
        return keys, values

    def _refuse_as_before(self, batch):
        """Takes down which rows are known to be wrong, and of which cells."""
        for place, line in enumerate(batch.lines if self.refused else ()):
            if line in self.refused:
                batch.wrong_columns.pop(place, None)
                batch.faults.pop(place, None)
                batch.refuse_as_before(place, self.refused[line])
        self.met.update(self.wrong.keys() & batch.lines)
        for place, line in enumerate(batch.lines if self.wrong else ()):
            if line in self.wrong and line not in self.refused:
                batch.refuse_as_before(place, self.wrong[line])
        for place, row in enumerate(batch.rows):
            if None in row:
                cells = zip(self.headers, row, strict=True)
                batch.wrong_columns[place] |= {n for n, cell in cells if cell is None}

    def _look_at(self, batch, keys, columns):
        """Takes down what else is wrong with rows that have no key."""
        places = [
            place
            for place, key in enumerate(keys)
            if key is None and batch.lines[place] not in self.refused
        ]
        in_circles = [p for p in places if batch.lines[p] in self.circles]
        others = [p for p in places if batch.lines[p] not in self.circles]
        # Of a circle it has been told what is wrong with the relations.
        for some, told in ((others, ()), (in_circles, self.inward)):
            if some:
                self.read(batch, some, columns, but=[*self.key, *told])

    def _folded(self, key):
        """What two keys share that are one, but for how they are written."""
        if not self.model.folded_in_key:
            return key
        return tuple(
            text.casefold() if name in self.model.folded_in_key else text
            for name, text in zip(self.key, key, strict=True)
        )

    def _twin(self, row, first, key):
        written = tuple(row[place] for place in self.key_places)
        if written == key and not self.model.folded_in_key:
            return _("Line %d has the same key; keep one of the two.") % first
        said = _("Line %d has the same key once both are normalized; keep one of them.")
        return said % first

    def _refuse_cells(self, batch, places, name, texts):
        """Takes down which of these cells are none of the values of their column."""
        cell = self.cells[name]
        if not cell.wrong:
            return
        for place, text in zip(places, texts, strict=True):
            for error in cell.wrong.get(text, ()):
                batch.wrong_columns[place].add(name)
                if error.code == "unknown" and self._is_withheld(error.params):
                    if not self.job.sets_aside:
                        continue
                    error = ValidationError(
                        _("The row of “%(slug)s” is set aside; so is what names it."),
                        "set_aside",
                        error.params,
                    )
                batch.refuse(place, ValidationError([error]), name, text)

    def _is_withheld(self, params):
        return self.job.is_withheld(params["of"], params["slug"])

    # cells into values

    def read(self, batch, places, columns, but=(), empty_says_nothing=False):
        """The values and the texts of these rows, by column."""
        values, texts = {}, {}
        for name, cell in self.cells.items():
            if name in but:
                continue
            column = columns[name]
            taken = [column[place] for place in places]
            values[name], texts[name] = cell.read(taken)
            if empty_says_nothing:
                taken = [text or None for text in taken]
            self._refuse_cells(batch, places, name, taken)
        return values, texts

    # rules

    def refuse_unless_allowed(self, batch, places, verb, model=None, column=""):
        """Takes down which rows may not be written; ``model`` is that of a list."""
        model = model or self.model
        if self.job.user is None or may(self.job.user, verb, model):
            return
        message = {
            "add": _("you may not add %(kind)s."),
            "change": _("you may not change %(kind)s."),
            "delete": _("you may not delete %(kind)s."),
        }[verb]
        said = message % {"kind": model._meta.verbose_name_plural}
        for place in places:
            batch.refuse(place, ValidationError(said, "permission"), column)

    def check(self, batch, places, columns, nothing_under=""):
        """Takes down which rows break a rule of their model."""
        wrong = {
            n: batch.wrong_columns.get(place, ()) for n, place in enumerate(places)
        }
        for number, error in self.rules.broken(
            columns, len(places), wrong, nothing_under
        ):
            batch.refuse(places[number], error)

    # what became of it

    def wrote(self, lines, keys):
        """Takes down which line wrote a record, or a part of it."""
        self._keys_written.extend(keys)
        self._lines_written.extend(lines)

    def warn(self, lines, columns, new=False):
        """Takes down what is right, and yet looks as if it were not."""
        self.outcome.warnings += self.rules.doubts(lines, columns)
        if new and self.lookalikes.has_any():
            self.outcome.warnings += self.lookalikes.warnings(lines, columns)

    def line_that_wrote(self, record):
        """The line that wrote a record or a part of it; 0 if none did."""
        model = self.model
        if model.owner:
            model = model._meta.get_field(model.owner).related_model
        return self._line_of.get(record.pk, 0) if isinstance(record, model) else 0

    @cached_property
    def _line_of(self):
        """The first line that wrote each key, once all is read."""
        written = zip(self._keys_written, self._lines_written, strict=True)
        return dict(reversed(list(written)))


def _is_needed(cell):
    """Whether no new row can be without a column."""
    try:
        cell.if_lacking()
    except ValidationError:
        return True
    return False
