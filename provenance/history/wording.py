"""Describes in words what changes did to records."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..db.batches import batches
from ..models import Record
from ..values.stated_values import text_of
from .reading import (
    columns,
    parts,
    parts_written,
    root_of,
    steps_before_changes,
    steps_of,
    subject_of,
    tracked_models,
    versions_since,
)

MADE, CHANGED, GONE = "made", "changed", "deleted"
PRIVATE = {"private_note", "quotation"}  # told to curators only


@dataclass(frozen=True)
class Named:
    """A record, or whatever else a difference is about, by its slug and its name.

    One that is deleted is named as it was last.
    """

    model: type[models.Model]
    key: int
    slug: str = ""
    name: str = ""
    status: str = ""
    is_there: bool = True

    @property
    def kind(self):
        """The word for what it is."""
        return self.model._meta.verbose_name

    def __str__(self):
        if self.name and self.slug:
            return f"{self.name} ({self.slug})"
        return self.name or self.slug or str(self.key)


@dataclass(frozen=True)
class Difference:
    """One thing that a change did: a row made or deleted, or one field of it changed.

    The values of a row that is made or deleted follow it one by one.
    """

    number: int | None  # of the change; None where it is older than changes are
    record: Named
    model: type[models.Model]  # the table of the row
    key: int
    row: str  # what the row is called; empty for the record itself
    what: str
    field: str = ""  # empty for the row as a whole
    old: str = ""  # values are in the text form of CSV
    new: str = ""
    old_name: str = ""  # what a record is called that a value names
    new_name: str = ""
    is_private: bool = False

    @property
    def in_words(self):
        """The difference as people say it."""
        if not self.field:
            words = {
                MADE: _("%(row)s added") if self.row else _("created"),
                GONE: _("%(row)s removed") if self.row else _("deleted"),
            }
            return capfirst(words[self.what] % {"row": self.row})
        label = self.model._meta.get_field(self.field).verbose_name
        old, new = _said(self.old, self.old_name), _said(self.new, self.new_name)
        if self.what == MADE:
            return f"{label}: {new}"
        if self.what == GONE:
            return f"{label}: {old}"
        place = f"{self.row}, {label}" if self.row else f"{label}"
        return capfirst(f"{place}: {old} → {new}")


def _said(text, name):
    if not text:
        return _("(empty)")
    return f"{name} ({text})" if name else text


@dataclass(frozen=True)
class LaterVersion:
    """One later version of a record: what was written, and by whom.

    Of each field it has the text before and after; of each row its texts before and
    after, None where it is new or gone.
    """

    version: int
    at: datetime
    by: str | None
    reason: str | None
    fields: dict[str, tuple[str, str]]
    rows: dict[str, list[tuple[dict | None, dict | None]]]


class Texts:
    """What stands in rows, in the form of the tables.

    The records that these name are looked up together: one query for each table.
    """

    def __init__(self, rows, subjects=()):
        keys = defaultdict(set)
        for subject in subjects:
            keys[subject.root].add(subject.key)
        for model, row in rows:
            for field in columns(model) if row is not None else ():
                value = getattr(row, field.attname) if field.is_relation else None
                if value is not None:
                    keys[root_of(field.related_model)].add(value)
        self.named = {
            (root, key): named
            for root, wanted in keys.items()
            for key, named in self.look_up(root, wanted).items()
        }

    @classmethod
    def about(cls, model, rows, written):
        """Those of rows of a kind of record, and of rows that belong to them.

        Of each record ``written`` has by relation the rows before and after.
        """
        belonging = [
            (parts(model)[name].model, row)
            for relations in written
            for name, pairs in relations.items()
            for pair in pairs
            for row in pair
        ]
        return cls([*((model, row) for row in rows), *belonging])

    def look_up(self, root, keys):
        """The records of these keys that may be named."""
        return names_of(root, keys)

    def columns(self, model):
        """The columns that are told."""
        return columns(model)

    def record_in(self, field, row):
        """The record that a row names in a field; None if it may not be named."""
        return self.named.get(
            (root_of(field.related_model), getattr(row, field.attname))
        )

    def text(self, field, row):
        """The text of one value; None if it may not be told."""
        value = getattr(row, field.attname)
        if value is None or not field.is_relation:
            return text_of(value)
        record = self.record_in(field, row)
        return record and (record.slug or str(value))

    def fields_changed(self, model, before, after):
        """The text before and after of each column that differs."""
        pairs = {
            field.name: tuple(self.text(field, row) or "" for row in (before, after))
            for field in self.columns(model)
        }
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def rows_changed(self, model, written):
        """What stood before and after in each row that differs, by relation."""
        changed = {}
        for name, pairs in written.items():
            part = parts(model)[name].model
            told = [
                tuple(row and self.of_part(model, name, part, row) for row in pair)
                for pair in pairs
            ]
            if told := [pair for pair in told if pair[0] != pair[1]]:
                changed[name] = told
        return changed

    def of_part(self, model, name, part, row):
        """What stands in a row of a relation, but for whose part it is."""
        return {
            field.name: self.text(field, row)
            for field in self.columns(part)
            if field.name != part.owner
        }


def later_versions(record, version):
    """What was written in a record since a version of it, by whom, when and why.

    A version covers rows and citations: what a change wrote of them belongs to the one
    that it gave the record.
    """
    model, pairs = type(record), versions_since(record, version)
    numbers = [row.change_set_id for _former, row in pairs]
    written = parts_written(model, [record.pk], numbers)
    rows = [row for pair in pairs for row in pair]
    texts = Texts.about(model, rows, written.values())
    return [
        LaterVersion(
            version=row.version,
            at=row.history_date,
            by=row.history_user and row.history_user.get_username(),
            reason=row.history_change_reason,
            fields=texts.fields_changed(model, former, row),
            rows=texts.rows_changed(
                model, written.get((row.change_set_id, record.pk), {})
            ),
        )
        for former, row in pairs
    ]


def differences_of(numbers, subject=None, private=False):
    """What each change of these numbers did, or what it did to one record.

    Private notes are told only if asked for. The number of queries is the same for any
    number of changes.
    """
    return told(steps_of(numbers, subject), subject, private)


def older_differences(subject, private=False):
    """What was done to a record before changes were counted, by row of history."""
    steps = {step.last: [step] for step in steps_before_changes(subject)}
    return told(steps, subject, private)


def told(steps, subject=None, private=False):
    """These steps in words; ``steps`` has lists of them under any keys."""
    texts = _texts_of([step for several in steps.values() for step in several])
    found = {}
    for key, several in steps.items():
        found[key] = [
            difference
            for step in sorted(several, key=_in_order)
            for difference in _differences(step, texts, subject)
            if private or not difference.is_private
        ]
    return found


def _texts_of(steps):
    """The texts of what these steps are about, and the names of the records."""
    rows = [
        (step.model, row)
        for step in steps
        for row in (step.before, step.after, step.last)
        if row is not None
    ]
    return Texts(rows, {subject_of(model, row) for model, row in rows})


def _in_order(step):
    """Records before their rows, and each record with its own."""
    subject = subject_of(step.model, step.after or step.before or step.last)
    return (
        subject.root._meta.label,
        subject.key,
        bool(step.model.owner),
        step.model._meta.label,
        step.last.history_id,
    )


def _differences(step, texts, about):
    before, after = step.seen_by(about) if about else (step.before, step.after)
    row = after or before
    if row is None:
        return  # made and deleted in one change
    subject = subject_of(step.model, row)
    what = CHANGED if before and after else MADE if after else GONE
    common = {
        "number": step.number,
        "record": texts.named[subject.root, subject.key],
        "model": step.model,
        "key": step.key,
        "row": _called(step.model, row, texts),
        "what": what,
    }
    if what != CHANGED:
        yield Difference(**common)
    for field in columns(step.model):
        if what != CHANGED and field.name == step.model.owner:
            continue
        (old, old_name), (new, new_name) = (
            _with_name(field, each, texts) for each in (before, after)
        )
        if old != new:
            yield Difference(
                **common,
                field=field.name,
                old=old,
                new=new,
                old_name=old_name,
                new_name=new_name,
                is_private=field.name in PRIVATE,
            )


def _with_name(field, row, texts):
    """A value in its text form, and what a record is called that it names."""
    if row is None:
        return "", ""
    record = texts.record_in(field, row) if field.is_relation else None
    return texts.text(field, row), record.name if record else ""


def called(model, row):
    """What a row that belongs to a record is called among its like."""
    return _called(model, row, Texts([(model, row)]))


def _called(model, row, texts):
    """What a row is called among its like: by what no two of a record share."""
    if not model.owner:
        return "" if issubclass(model, Record) else str(model._meta.verbose_name)
    unique = {
        name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
    }
    said = [
        texts.text(field, row)
        for field in columns(model)
        if field.name in unique and field.name != model.owner
    ]
    return f"{model._meta.verbose_name} “{', '.join(text for text in said if text)}”"


def names_of(root, keys):
    """What these records of a table are called, or were last called."""
    wanted, found = sorted(keys), {}
    for part in batches(wanted):
        for record in root._base_manager.filter(pk__in=part):
            found[record.pk] = _name(root, record.pk, record)
    missing = [key for key in wanted if key not in found]
    for model in tracked_models() if missing else ():
        if root_of(model) is not root or model.owner:
            continue
        key = model._meta.pk.attname
        for part in batches(missing):
            for row in model.history.filter(**{f"{key}__in": part}).order_by(
                "history_id"
            ):
                found[getattr(row, key)] = _name(
                    model, getattr(row, key), row, is_there=False
                )
    return {key: found.get(key, Named(root, key, is_there=False)) for key in wanted}


def _name(model, key, row, is_there=True):
    if not issubclass(model, Record):
        return Named(model, key, name=str(getattr(row, "instance", row)))
    if is_there and hasattr(row, "type") and len(model.__subclasses__()):
        model = _kind(model, row.record_type)
    return Named(
        model,
        key,
        row.slug,
        getattr(row, model.label_field, ""),
        row.status,
        is_there,
    )


def _kind(root, word):
    """The kind of a record that shares its table with others."""
    return next(
        model
        for model in tracked_models()
        if root_of(model) is root and not model.owner and model.type_name() == word
    )
