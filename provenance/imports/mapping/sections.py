"""Sections of a mapping: how a foreign row becomes a row of one of our tables."""

from dataclasses import dataclass, field

from ...models import Record
from .cells import Rule, as_slug
from .wide import Wide

WRITE, KEEP = "write", "keep"  # what becomes of a record that is found


@dataclass(frozen=True)
class Find:
    """One way to look for a record: by slug, name, identifier, or its columns."""

    rule: Rule | None = None
    columns: tuple[str, ...] = ()

    @property
    def by(self):
        return self.rule.by if self.rule else "columns"

    def key(self, row, cells):
        """What is looked for; None if the row does not say."""
        if self.rule:
            text = self.rule.text(row)
            return (as_slug(text) if self.by == "slug" else text) or None
        return tuple(cells[column] for column in self.columns)


@dataclass(frozen=True, eq=False)
class Section:
    """What feeds one row of a table from one foreign row."""

    label: str
    table: str
    resource: object
    rules: dict[str, Rule]
    find: tuple[Find, ...] = ()
    create: bool = True
    found: str = WRITE
    only: dict[str, tuple[str, ...]] = field(default_factory=dict)
    skip: dict[str, tuple[str, ...]] = field(default_factory=dict)
    wide: Wide | None = None
    intersect: tuple[str, ...] = ()  # a start and an end that narrow each other

    @property
    def model(self):
        return self.resource._meta.model

    @property
    def is_of_records(self):
        return self.model is not None and issubclass(self.model, Record)

    @property
    def label_column(self):
        """The column that a slug is proposed from."""
        return self.model.label_field if self.is_of_records else ""

    @property
    def key(self):
        """The columns that a row is known by."""
        key, may_lack = self.resource.key_columns(), self.resource.may_lack
        return tuple(n for n in key if n in self.rules or n not in may_lack)

    @property
    def headers(self):
        """Our columns that it feeds, in the order of the table."""
        return [
            name
            for name in self.resource.column_names()
            if name in self.rules or (name == "slug" and self.is_of_records)
        ]

    @property
    def refers_to(self):
        """The labels of the sections whose records it names."""
        return {rule.of for rule in self.rules.values() if rule.of}

    @property
    def width(self):
        """How many rows it makes of one of the file."""
        return len(self.wide.meanings) if self.wide else 1

    def numbers_of(self, number):
        """The numbers of the rows that it makes of one of the file, from its number."""
        return range(number * self.width, (number + 1) * self.width)

    def melted(self, lines, rows):
        """The lines and the rows that it reads of these of the file."""
        return self.wide.melted(lines, rows) if self.wide else (lines, rows)

    def reads(self):
        """The foreign columns that it reads, each with its place in the mapping."""
        made = self.wide.makes if self.wide else ()
        yield from (each for each in self.reads_of_rules() if each[0] not in made)
        if self.wide:
            yield from ((read, f"{self.label}.wide") for read in self.wide.reads())

    def reads_of_rules(self):
        """The columns that its own words read, of the file or made by wide ones."""
        for column, rule in self.rules.items():
            yield from ((read, f"{self.label}.{column}") for read in rule.reads)
        for step in self.find:
            if step.rule:
                yield from ((read, f"{self.label}.find") for read in step.rule.reads)
        for column in (*self.only, *self.skip):
            yield column, self.label

    def foreign_column(self, rule, made_of=""):
        """The foreign column that a rule reads first; "" if none.

        For what wide columns make it is that one of which the row is made.
        """
        read = next(iter(rule.reads), "")
        if self.wide and read in self.wide.makes:
            return made_of or self.wide.said
        return read

    def columns_behind(self, rule):
        """The foreign columns that a rule reads, in whichever row."""
        for read in rule.reads:
            is_made = self.wide and read == self.wide.cells
            yield from self.wide.meanings if is_made else (read,)

    def field(self, column):
        """The field of the model behind a column; None in tables of several models."""
        return getattr(self.resource.fields[column], "django_field", None)

    def names_records(self, column):
        """Whether its cells are slugs."""
        return getattr(self.resource.fields[column].widget, "folds", False)


def left_out_by(row, only, skip):
    """The column because of which a row is left out; "" if it is not."""
    for column, texts in only.items():
        text = row.get(column)
        if text is not None and text not in texts:
            return column
    for column, texts in skip.items():
        if row.get(column) in texts:
            return column
    return ""
