"""Reads the history: each row beside what the row was before.

The last row of history of something is always the one with the largest ``history_id``:
those of one change have the same moment.
"""

from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db.models import CharField, OuterRef, Q, Subquery, Value

from ..models import Dispute
from ..tracking.tracked import SearchTextField, Tracked, UpdatedField, VersionField
from ..values.bounds import Bound

DELETED = "-"


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
def written_fields(model):
    """The columns in which somebody, and not another column, says what stands."""
    derived = (Bound, VersionField, UpdatedField, SearchTextField)
    return tuple(
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not isinstance(field, derived)
    )


def fields_between(one, other, model):
    """The fields in which two states of a row differ."""
    return [
        field
        for field in written_fields(model)
        if getattr(one, field.attname) != getattr(other, field.attname)
    ]


def history_about(model, subject):
    """The rows of history of what is, or ever was, a part of a record."""
    link = belongs_to(model)
    key = model._meta.pk.attname
    if link is None:
        return model.history.filter(**{key: subject.key})
    ever = model.history.filter(**{link.attname: subject.key})
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
        place = getattr(row, key), row.change_set_id or f"row {row.history_id}"
        first, _last = found.get(place, (past.get(row.earlier), None))
        found[place] = (first, row)
    return [
        Step(model, key, _standing(first), _standing(last), last.change_set_id, last)
        for (key, _number), (first, last) in found.items()
    ]


def _standing(row):
    """A row of history, unless there was no such row after it."""
    return row if row is not None and row.history_type != DELETED else None


def rows_at(subject, past):
    """Each row that was ever a part of a record, as it was after a change.

    That is the change of ``past``, a row of history; of a row that there was not then,
    None. The answer has for each (model, key) its row of history.
    """
    if past.change_set_id is None:
        until = Q(change_set=None, history_date__lte=past.history_date)
    else:
        until = Q(change_set=None) | Q(change_set__lte=past.change_set_id)
    found = {}
    for model in models_about(subject.root):
        key = model._meta.pk.attname
        for row in history_about(model, subject).order_by("history_id"):
            found.setdefault((model, getattr(row, key)), None)
        for row in history_about(model, subject).filter(until).order_by("history_id"):
            standing = _standing(row)
            if standing and subject_of(model, row) != subject:
                standing = None
            found[model, getattr(row, key)] = standing
    return found
