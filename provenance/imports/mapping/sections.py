"""Sections of a mapping: how a foreign row becomes a row of one of our tables."""

from dataclasses import dataclass, field

from ...models import Record
from .cells import Rule

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
            return self.rule.text(row) or None
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

    def reads(self):
        """The foreign columns that it reads, each with its place in the mapping."""
        for column, rule in self.rules.items():
            yield from ((read, f"{self.label}.{column}") for read in rule.reads)
        for step in self.find:
            if step.rule:
                yield from ((read, f"{self.label}.find") for read in step.rule.reads)
        for column in (*self.only, *self.skip):
            yield column, self.label

    def field(self, column):
        """The field of the model behind a column; None in tables of several models."""
        return getattr(self.resource.fields[column], "django_field", None)


def left_out_by(row, only, skip):
    """The column because of which a row is left out; "" if it is not."""
    for column, texts in only.items():
        if row[column] not in texts:
            return column
    for column, texts in skip.items():
        if row[column] in texts:
            return column
    return ""
