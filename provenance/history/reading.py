"""The one reader of history: what changes wrote of each row, and what stood when.

The last row of history of something is always the one with the largest ``history_id``:
those of one change have the same moment.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import inf

from django.apps import apps
from django.db.models import CharField, OuterRef, Subquery, Value

from ..models import Dispute
from ..tracking.history_rows import DELETED
from ..tracking.tracked import (
    SearchTextField,
    SortKeyField,
    Tracked,
    UpdatedField,
    VersionField,
)
from ..values.bounds import Bound

MAX_VERSIONS = 20  # later ones that are told of: the last ones are the nearest


@dataclass(frozen=True)
class Subject:
    """The record that a row is about: the table that all its kinds share, and its key.

    What belongs to no record is its own subject.
    """

    root: type[Tracked]
    key: int


@dataclass(frozen=True)
class Step:
    """What one change made of one row: as it was before, and as it was left."""

    model: type[Tracked]
    key: int
    before: Tracked | None  # rows of history; None where there was no such row
    after: Tracked | None
    number: int | None  # of the change; None where it is older than changes are
    last: Tracked  # the row of history that it ends with

    @property
    def subjects(self):
        """The records that it is about: two, if the row went from one to another."""
        rows = (row for row in (self.before, self.after) if row is not None)
        return {subject_of(self.model, row) for row in rows}

    def seen_by(self, subject):
        """The row before and after; None where it was, or is, no part of a record."""
        return tuple(
            row if row is not None and subject_of(self.model, row) == subject else None
            for row in (self.before, self.after)
        )


@cache
def tracked_models():
    """Every table with a history that somebody writes; disputes are derived."""
    return tuple(
        model
        for model in apps.get_models()
        if issubclass(model, Tracked)
        and not issubclass(model, Dispute)
        and "kept_by_its_kinds" not in vars(model)
    )


def root_of(model):
    """The table that all kinds of such a record share."""
    return next(iter(model._meta.all_parents), model)


def belongs_to(model):
    """The field that names the record whose part a row is; None for a record."""
    return model._meta.get_field(model.owner) if model.owner else None


def subject_of(model, row):
    """The record that a row, or a row of its history, is about."""
    link = belongs_to(model)
    if link is None:
        return Subject(root_of(model), getattr(row, model._meta.pk.attname))
    return Subject(root_of(link.related_model), getattr(row, link.attname))


@cache
def models_about(root):
    """The tables of such records and of all that belongs to them."""
    return tuple(
        model
        for model in tracked_models()
        if root_of(model) is root
        or (model.owner and root_of(belongs_to(model).related_model) is root)
    )


@cache
def parts(model):
    """The columns by which rows and citations belong to such a record, by relation."""
    return {
        relation.get_accessor_name(): relation.field
        for relation in model._meta.related_objects
        if getattr(relation.related_model, "owner", "") == relation.field.name
    }


# Columns


@cache
def columns(model):
    """The columns that somebody writes: what a change is told by."""
    return tuple(field for field in kept_columns(model) if field.editable)


@cache
def kept_columns(model):
    """Those, and what a write leaves that cannot be worked out again: to put back."""
    derived = (Bound, VersionField, UpdatedField, SearchTextField, SortKeyField)
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not isinstance(field, derived)
    )


def fields_between(one, other, model):
    """The columns to be put back where two states of a row differ."""
    return [
        field
        for field in kept_columns(model)
        if getattr(one, field.attname) != getattr(other, field.attname)
    ]


# Steps


def history_about(model, subject):
    """The rows of history of what is, or ever was, a part of a record."""
    return _history_about(model, [subject.key])


def _history_about(model, keys):
    link, key = belongs_to(model), model._meta.pk.attname
    if link is None:
        return model.history.filter(**{f"{key}__in": keys})
    ever = model.history.filter(**{f"{link.attname}__in": keys})
    return model.history.filter(**{f"{key}__in": ever.values(key)})


def numbers_about(subject, before=None, most=20):
    """The last changes of a record, or the last before one: their numbers."""
    found = []
    for model in models_about(subject.root):
        rows = history_about(model, subject).filter(change_set__isnull=False)
        if before is not None:
            rows = rows.filter(change_set__lt=before)
        # The order of history would make each row another one.
        found.append(rows.order_by().values_list("change_set_id", flat=True))
    numbers = found[0].union(*found[1:]) if found[1:] else found[0].distinct()
    return list(numbers.order_by("-change_set_id")[:most])


def steps_of(numbers, subject=None):
    """What changes made of each row, or of each that is about a record, by number."""
    written = _written_in(numbers)
    models = models_about(subject.root) if subject else tracked_models()
    steps = {number: [] for number in numbers}
    for model in models:
        if model in written:
            rows = history_about(model, subject) if subject else model.history.all()
            for step in steps_among(model, rows.filter(change_set__in=list(numbers))):
                if subject is None or subject in step.subjects:
                    steps[step.number].append(step)
    return steps


def steps_before_changes(subject, most=100):
    """What was made of each row of a record when writes were not yet counted."""
    steps = []
    for model in models_about(subject.root):
        rows = history_about(model, subject).filter(change_set=None)
        last = rows.order_by("-history_id").values("history_id")[:most]
        steps += steps_among(
            model,
            rows.filter(history_id__in=list(last.values_list("history_id", flat=True))),
        )
    steps = [step for step in steps if subject in step.subjects]
    return sorted(steps, key=lambda step: step.last.history_date, reverse=True)[:most]


def parts_written(model, keys, numbers):
    """What changes made of the rows of such records: by number and key of a record.

    By relation it has each row before and after, as ``Step.seen_by`` tells them.
    """
    found = defaultdict(lambda: defaultdict(list))
    for name, owner in parts(model).items():
        rows = _history_about(owner.model, list(keys))
        for step in steps_among(owner.model, rows.filter(change_set__in=numbers)):
            for subject in step.subjects:
                found[step.number, subject.key][name].append(step.seen_by(subject))
    return found


def versions_since(record, version):
    """The versions of a record after this one, from the first; at most the last 20.

    Each is the row of history that it ends with, behind the one of the version before.
    """
    since = max(version, record.version - MAX_VERSIONS)
    rows = record.history.filter(version__gte=since).select_related("history_user")
    # What one change wrote is one version, however often it wrote the record.
    ends = {_change_of(row): row for row in rows.order_by("history_id")}
    return [pair for pair in pairwise(ends.values()) if pair[1].version > version]


def _written_in(numbers):
    """The tables that changes wrote to, found in one query."""
    kinds = {model._meta.label: model for model in tracked_models()}
    found = [
        model.history.filter(change_set__in=list(numbers))
        .order_by()
        .annotate(table=Value(label, output_field=CharField()))
        .values_list("table", flat=True)
        for label, model in kinds.items()
    ]
    return {kinds[label] for label in found[0].union(*found[1:])}


def steps_among(model, rows):
    """The steps that end with rows of history, the first row before the next."""
    key = model._meta.pk.attname
    earlier = (
        model.history.filter(
            **{key: OuterRef(key)}, history_id__lt=OuterRef("history_id")
        )
        .order_by("-history_id")
        .values("history_id")[:1]
    )
    rows = rows.annotate(earlier=Subquery(earlier)).order_by("history_id")
    past = model.history.filter(history_id__in=rows.order_by().values("earlier"))
    past = {row.history_id: row for row in past}
    found = {}
    for row in rows:
        place = getattr(row, key), _change_of(row)
        first, _last = found.get(place, (past.get(row.earlier), None))
        found[place] = (first, row)
    return [
        Step(model, key, _standing(first), _standing(last), last.change_set_id, last)
        for (key, _number), (first, last) in found.items()
    ]


def _change_of(row):
    """What tells the step of a row of history; one older than changes is its own."""
    return row.change_set_id or f"row {row.history_id}"


def _standing(row):
    """A row of history, unless there was no such row after it."""
    return row if row is not None and row.history_type != DELETED else None


# States


def past_of(model, keys):
    """The history of these rows, each from its first row of history, by key."""
    key = model._meta.pk.attname
    return _by_key(model, model.history.filter(**{f"{key}__in": keys}))


def _by_key(model, rows):
    key, found = model._meta.pk.attname, defaultdict(list)
    for row in rows.order_by("history_id"):
        found[getattr(row, key)].append(row)
    return found


def row_then(past, number, at=None):
    """What a row with this past was at the end of a change; None if it was not there.

    What is older than changes has the number 0, and is told apart by its moment.
    """
    for row in reversed(past):
        if (row.change_set_id or 0) <= number and (not at or row.history_date <= at):
            return _standing(row)
    return None


def row_of_version(record, version):
    """The row of history that a version of a record ended with; None if it had none."""
    return record.history.filter(version=version).order_by("-history_id").first()


def last_write(record):
    """The row of history that says who wrote a record last, and when."""
    rows = record.history.select_related("history_user")
    return rows.order_by("-history_id").first()


def state_at(model, key, past=None):
    """Each row that was ever a part of a record, as it was after a change, or is now.

    That is the change of ``past``, a row of the record's history. The answer has for
    each (model, key) its row of history; None where it was no part of the record.
    """
    subject, found = Subject(root_of(model), key), {}
    number = inf if past is None else past.change_set_id or 0
    at = None if number else past.history_date
    for kind in (model, *(owner.model for owner in parts(model).values())):
        for row_key, rows in _by_key(kind, history_about(kind, subject)).items():
            row = row_then(rows, number, at)
            is_part = row is not None and subject_of(kind, row) == subject
            found[kind, row_key] = row if is_part else None
    return found
