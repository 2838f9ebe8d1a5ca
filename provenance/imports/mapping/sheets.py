"""Reads a foreign sheet as sheets of our tables, by chunks, with its line numbers.

The file is read once to settle which record each row is, and again for every table:
what is kept in between is a slug a row, and never the rows.
"""

from collections import Counter
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ...db.batches import batches
from ...resources.importing import Progress, Unreadable
from ...tables import Fault, TableError, Typed
from ...values.suggestions import close_to
from ...values.text import normalized
from .cells import PartlyRead, as_slug
from .row_matching import FOUND, NOTHING, PARTLY, Settling
from .sections import left_out_by

CHUNK = 1000
LINES_NAMED = 20
SETTLING = gettext_lazy("Rows matched")


class Mapped(list):
    """Our sheets, as ``(table, sheet)``, and what of a foreign file is in none."""

    def __init__(self, sheets, foreign, left_out, repeating, faults):
        super().__init__(sheets)
        self.faults = faults  # of the columns: nothing is written with them
        self.wrong = foreign.wrong  # by line: what is wrong with the form of a row
        self.foreign = foreign
        self.left_out = left_out  # how many rows, by what left them out
        self.repeating = repeating  # the lines of rows that say nothing of their own

    def told(self):
        """What no table shows, a sentence each: rows left out, records left alone."""
        yield from self.foreign.told()
        for place, count in self.left_out.items():
            yield ngettext(
                "%(count)d row is left out by %(place)s.",
                "%(count)d rows are left out by %(place)s.",
                count,
            ) % {"count": count, "place": place}
        if number := len(self.repeating):
            yield ngettext(
                "%(count)d row only repeats what another row says, and is not written "
                "twice: line %(lines)s.",
                "%(count)d rows only repeat what other rows say, and are not written "
                "twice: lines %(lines)s.",
                number,
            ) % {"count": number, "lines": _few(self.repeating)}
        parted = {}  # what feeds two columns of ours is told once
        for _table, sheet in self:
            parted |= getattr(sheet, "parted", {})
        for (column, mark), count in parted.items():
            yield ngettext(
                "“%(column)s”: the thousands separator “%(mark)s” was left out of "
                "%(count)d number.",
                "“%(column)s”: the thousands separator “%(mark)s” was left out of "
                "%(count)d numbers.",
                count,
            ) % {"column": column, "mark": mark, "count": count}
        for _table, sheet in self:
            if getattr(sheet, "kept", 0):
                yield ngettext(
                    "%(table)s: %(count)d on record is left as it is.",
                    "%(table)s: %(count)d on record are left as they are.",
                    sheet.kept,
                ) % {"count": sheet.kept, "table": sheet.title}


def _few(lines):
    """The first of some lines, as a sentence names them."""
    named = ", ".join(map(str, lines[:LINES_NAMED]))
    return f"{named} …" if len(lines) > LINES_NAMED else named


class Foreign:
    """The rows of a foreign sheet that a mapping reads, by the names of its columns."""

    def __init__(self, mapping, sheet, missing=()):
        self.mapping, self.sheet = mapping, sheet
        self.missing = dict.fromkeys(missing)  # columns that it has not

    def chunks(self, left_out=None):
        """Lines and rows; ``left_out`` counts what the mapping does not read."""
        headers, wrong, missing = self.sheet.headers, self.sheet.wrong, self.missing
        only, skip = self.mapping.only, self.mapping.skip
        for lines, rows in self.sheet.chunks():
            taken_lines, taken = [], []
            for line, cells in zip(lines, rows, strict=True):
                row = dict(zip(headers, map(self._cleaned, cells), strict=True))
                if missing or line in wrong:
                    row = PartlyRead({**row, **missing})
                if column := left_out_by(row, only, skip):
                    if left_out is not None:
                        left_out[_("read, column “%s”") % column] += 1
                    continue
                taken_lines.append(line)
                taken.append(row)
            yield taken_lines, taken

    def _cleaned(self, cell):
        """A cell without what the mapping takes out of it; empty if it says nothing."""
        if cell is None:
            return None
        if isinstance(cell, Typed):
            return "" if cell in self.mapping.empty else cell
        for text in self.mapping.remove:
            cell = cell.replace(text, "")
        cell = cell.strip() if cell.isascii() and "\r" not in cell else normalized(cell)
        return "" if cell in self.mapping.empty else cell


class MappedSheet:
    """One table of ours, fed by a section of a mapping from a foreign sheet."""

    def __init__(self, foreign, settling, settled):
        self._foreign, self._settling, self._settled = foreign, settling, settled
        self.section = settling.section
        self.headers = self.section.headers
        self.rows = sum(one != NOTHING for one in settling.brings)
        # By line what is wrong before it is a row of ours, but for what is told of the
        # foreign file.
        self.wrong = {line: [] for line in foreign.sheet.wrong} | settling.wrong
        self.unread = foreign.sheet.unread
        self.kept = len(settling.kept)
        self.parted = settling.parted

    @property
    def title(self):
        """The name of the table, with the section that feeds it if called otherwise."""
        table, label = self.section.table, self.section.label
        return table if label == table else f"{table} ({label})"

    @property
    def constants(self):
        """Our columns that the mapping says, and the source does not."""
        rules = self.section.rules
        return frozenset(
            name for name in self.headers if name not in rules or rules[name].is_ours
        )

    def foreign_column(self, column, made_of=""):
        """The foreign column that feeds one of ours; "" if there is not one.

        What is wrong with a row as a whole is so with the column that it is made of.
        """
        rule = self.section.rules.get(column)
        if rule:
            return self.section.foreign_column(rule, made_of)
        return "" if column else made_of

    def rows_on(self, lines):
        """The line, the row and what stands in no column, as the file has them.

        A cell may be the slug of the row, or what that would be made of.
        """
        for line, row, beside in self._foreign.sheet.rows_on(lines):
            yield line, list(map(as_slug, row)), beside

    def chunks(self, size=CHUNK):
        """Lines of the foreign file and rows of ours, so many at a time."""
        for part in batches(self._all(), size):
            lines, rows = zip(*part, strict=True)
            yield list(lines), list(rows)

    def _all(self):
        brings, slugs = self._settling.brings, self._settling.slugs
        start = 0
        for read in self._foreign.chunks():
            lines, foreign = self.section.melted(*read)
            places = [p for p in range(len(lines)) if brings[start + p] != NOTHING]
            numbers = [start + place for place in places]
            start += len(lines)
            lines = [lines[place] for place in places]
            rows = [foreign[place] for place in places]
            found = self._settling.cells(lines, rows, numbers, self._settled)
            kept = self._recorded({slugs[n] for n in numbers if brings[n] == FOUND})
            for number, line, cells in zip(numbers, lines, found, strict=True):
                if slugs[number]:
                    cells["slug"] = slugs[number]
                    cells |= kept.get(slugs[number], {})
                elif brings[number] == PARTLY and self.section.find:
                    cells["slug"] = None  # it is not known which record is meant
                yield line, [cells[name] for name in self.headers]

    def _recorded(self, slugs):
        """What is on record where the mapping has a constant, by slug.

        A constant is for what is made new: it takes back no word that a curator has
        written since, such as that the record is published.
        """
        ours = [name for name, rule in self.section.rules.items() if rule.is_ours]
        columns = ["slug", *(name for name in ours if name != "slug")]
        if not slugs or len(columns) == 1:
            return {}
        recorded = self.section.resource.recorded(columns, "slug")
        return {
            texts[0]: dict(zip(columns, texts, strict=True))
            for _key, texts in recorded(slugs)
        }


def mapped(mapping, sheet):
    """Settles which record each row is; yields the Progress of that.

    Returns our sheets of the foreign one, with what is wrong in columns and rows of it.
    What cannot be read for the want of a column is not, and all else is. TableError if
    the file has no column that the mapping reads.
    """
    mapping, faults = _bound(mapping, sheet)
    unread = _unread(mapping)
    missing = {fault.column: fault for fault in _missing(mapping, sheet)}
    faults += missing.values()
    if not any(one.wide and not one.wide.meanings for one in mapping.sections):
        faults += _unused(mapping, sheet)  # else it is not known which are
    if missing and missing.keys() >= mapping.reads.keys():
        raise TableError(*faults, *sheet.faults)

    left_out, repeating = Counter(), []
    foreign = Foreign(mapping, sheet, missing)
    settled = {
        one.label: Settling(one) for one in mapping.sections if one.label not in unread
    }
    done = 0
    for lines, rows in foreign.chunks(left_out):
        for settling in settled.values():
            settling.take(lines, rows, settled)
        repeating += _repeating(lines, done, settled.values())
        done += len(lines)
        yield Progress(done + left_out.total(), sheet.rows, SETTLING)
    for label, settling in settled.items():
        for column, count in settling.left_out.items():
            left_out[
                _("%(section)s, column “%(column)s”")
                % {
                    "section": label,
                    "column": column,
                }
            ] += count
    in_order = sorted(
        settled.values(), key=lambda one: mapping.tables.index(one.section.table)
    )
    for settling in in_order:
        settling.end()
    sheets = [
        (one.section.table, MappedSheet(foreign, one, settled)) for one in in_order
    ]
    sheets += [
        (one.table, Unreadable(())) for one in mapping.sections if one.label in unread
    ]
    return Mapped(sheets, sheet, left_out, repeating, faults)


def _unread(mapping):
    """The labels of sections whose wide columns are not known, or that need such."""
    found = set()
    for section in mapping.sections:  # each stands after those that it refers to
        is_known = not section.wide or section.wide.meanings
        if not is_known or section.refers_to & found:
            found.add(section.label)
    return found


def _repeating(lines, first, settlings):
    """The lines of rows that bring nothing, because other rows have said it all.

    ``first`` is the number of the first row; what names a record again, and says
    something else of its own, repeats nothing.
    """
    for number, line in enumerate(lines, first):
        made = [(one, one.section.numbers_of(number)) for one in settlings]
        repeats = any(not one.repeats.isdisjoint(numbers) for one, numbers in made)
        if repeats and not any(one.brings[n] for one, numbers in made for n in numbers):
            yield line


def decimals_in(mapping, sheet):
    """The decimal separators that columns of a sheet are read with, by column."""
    bound, _faults = _bound(mapping, sheet)
    return {
        column: rule.decimal
        for section in bound.sections
        for rule in section.rules.values()
        if rule.decimal
        for column in section.columns_behind(rule)
    }


def _bound(mapping, sheet):
    """The mapping with the wide columns that the sheet has, and what is wrong there."""
    sections, faults = [], []
    for section in mapping.sections:
        if section.wide and set(section.wide.reads()) <= set(sheet.headers):
            wide, said = section.wide.bound(sheet, mapping.unused)
            section = replace(section, wide=wide)
            faults += said
        sections.append(section)
    return replace(mapping, sections=tuple(sections)), faults


def _missing(mapping, sheet):
    """The columns that the mapping reads, and the file has not."""
    for column, place in mapping.reads.items():
        if column not in sheet.headers:
            close = close_to(column, sheet.headers) or "."
            yield Fault(
                sheet.header_line,
                _("the mapping reads it (%(place)s), and the file has none%(close)s")
                % {"place": place, "close": close},
                column,
            )


def _unused(mapping, sheet):
    """The columns of the file of which the mapping says nothing."""
    reads = mapping.reads
    for column in sheet.headers:
        if column not in reads and column not in mapping.unused:
            near = close_to(column, [*reads, *mapping.unused]) or "."
            yield Fault(
                sheet.header_line,
                _(
                    "the mapping does not use it; list it in “unused”, or say "
                    "which column it goes into%s"
                )
                % near,
                column,
            )
