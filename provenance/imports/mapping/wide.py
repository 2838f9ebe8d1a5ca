"""Wide files: columns whose names are values, as months are, become rows of their own.

What pandas calls to melt a table, and tidyr to pivot it longer.
"""

from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _

from ...tables import Fault, MadeLine
from .cells import PLACEHOLDER, PartlyRead, Rule, Unread

WIDE = ("columns", "into", "cells", "values")  # the words of the table
TO = ".."  # between the first and the last of columns that stand side by side
MOST_MADE = 1_000_000  # rows that are made of one file


@dataclass(frozen=True)
class Wide:
    """Columns of a foreign file, each of which makes one row of every row.

    ``into`` names what the column is called, a part for each row of the header, and
    ``cells`` what stands in it: columns of ours, or such as rules read like those of
    the file. ``values`` says what the parts of a name mean, by what they go into; cells
    of the row are put in where they have braces.
    """

    columns: tuple[str, ...]  # names, or one first..last
    into: tuple[str, ...]
    cells: str
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    # By column; None where nobody says what a part of its name means.
    meanings: dict[str, dict[str, str | None]] = field(default_factory=dict)

    @property
    def makes(self):
        """The names under which rules read what it makes."""
        return {*self.into, self.cells}

    @property
    def said(self):
        """The columns as the mapping says them."""
        return ", ".join(self.columns)

    def reads(self):
        """The foreign columns that it reads."""
        if self.meanings:
            yield from self.meanings
        else:
            ends = (part for name in self.columns for part in name.split(TO))
            yield from filter(None, ends)
        for words in self.values.values():
            for text in words.values():
                yield from PLACEHOLDER.findall(text)

    def melted(self, lines, rows):
        """The lines and the rows that it makes of these, in their order."""
        made, columns = [], self.meanings.items()
        for row in rows:
            for column, meanings in columns:
                own = {into: _filled(text, row) for into, text in meanings.items()}
                own[self.cells] = row.get(column)
                kind = PartlyRead if None in own.values() else type(row)
                made.append(kind({**row, **own}))
        return [MadeLine(line, name) for line in lines for name, _ in columns], made

    def bound(self, sheet, unused):
        """It with the columns that the sheet has, and what keeps it from being so."""
        line, faults = sheet.header_line, []
        columns = [
            column for name in self.columns for column in _between(name, sheet, unused)
        ]
        if not columns:
            message = _("“%s”: the last column stands before the first; swap them.")
            return self, [Fault(line, message % self.said)]
        for name in sorted(self.makes & set(sheet.headers)):
            message = _(
                "the file has a column “%s” of its own; choose another name in “wide”."
            )
            faults.append(Fault(line, message % name, name))
        meanings = {}
        for column in columns:
            parts = sheet.parts_of(column)
            if len(parts) != len(self.into):
                message = _(
                    "the header has %(rows)d rows, and “into” has %(names)d names; "
                    "give one for each."
                )
                values = {"rows": len(parts), "names": len(self.into)}
                return self, [*faults, Fault(line, message % values)]
            meanings[column] = {}
            for into, part in zip(self.into, parts, strict=True):
                meaning = self.values.get(into, {part: _plain(part)}).get(part)
                if meaning is None:
                    message = _("“values” does not say what “%s” means; add it.")
                    faults.append(Fault(line, message % part, column))
                meanings[column][into] = meaning
        if sheet.rows * len(columns) > MOST_MADE:
            message = _("it makes more than %d rows; split it.")
            faults.append(Fault(0, message % MOST_MADE))
        return replace(self, meanings=meanings), faults


def _plain(text):
    """A text in which nothing is put in."""
    return text.replace("{", "").replace("}", "")


def _filled(text, row):
    """A text with cells of the row put in; None if it is not known what is meant."""
    if text is None or "{" not in text:
        return text
    try:
        return PLACEHOLDER.sub(lambda match: row[match[1]], text)
    except Unread:
        return None


def _between(name, sheet, unused):
    """The columns that one is the name of, or that stand between two."""
    first, to, last = name.partition(TO)
    if not to:
        return [name]
    places = {name: place for place, name in enumerate(sheet.headers)}
    end = places[last] if last else len(sheet.headers) - 1
    columns = sheet.headers[places[first] : end + 1]
    return [column for column in columns if column not in unused]


def wide_in(reading, value, place, resource):
    """What a mapping says of wide columns; None if it is not right."""
    table = reading.table(value, place)
    reading.known(table, place, WIDE)
    columns = _texts(reading, table.get("columns", ""), f"{place}.columns")
    into = _texts(reading, table.get("into", ""), f"{place}.into")
    for word, names in (("columns", columns), ("into", into)):
        if not all(names) or not names:
            reading.wrong(
                f"{place}.{word}",
                {
                    "columns": _("name the columns, as “first..last” or in a list."),
                    "into": _("name what the names of the columns go into."),
                }[word],
            )
    cells = reading.text(table.get("cells", "value"), f"{place}.cells")
    if "cells" not in table and "value" not in resource.fields:
        reading.wrong(f"{place}.cells", _("name what the cells go into."))
    values = reading.table(table.get("values", {}), f"{place}.values")
    if values and len(into) == 1:
        values = {into[0]: values}
    for name in values:
        if name not in into:
            reading.wrong(
                f"{place}.values.{name}",
                _("“into” does not name it; it names: %(names)s."),
                names=", ".join(into),
            )
    values = {
        name: reading.texts_by_text(words, f"{place}.values")
        for name, words in values.items()
    }
    return Wide(columns, into, cells, values)


def feed_from(wide, rules, resource):
    """Feeds the columns of ours that it names, where no rule says otherwise."""
    for name in (*wide.into, wide.cells):
        if name in resource.fields:
            rules.setdefault(name, Rule(column=name))


def _texts(reading, value, place):
    if isinstance(value, str):
        return (value,)
    return reading.texts(value, place)
