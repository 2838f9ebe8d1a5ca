"""Describes in words what changes did to records."""

from collections import defaultdict
from dataclasses import dataclass

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..db.batches import batches
from ..models import Citation, Record
from ..values.stated import text_of
from .past import (
    root_of,
    steps_before_changes,
    steps_of,
    subject_of,
    tracked_models,
    written_fields,
)

MADE, CHANGED, GONE = "made", "changed", "deleted"
PRIVATE = ((Record, {"private_note"}), (Citation, {"quotation"}))


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
    named = _named(step for several in steps.values() for step in several)
    found = {}
    for key, several in steps.items():
        found[key] = [
            difference
            for step in sorted(several, key=_in_order)
            for difference in _differences(step, named, subject)
            if private or not difference.is_private
        ]
    return found


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


def _differences(step, named, about):
    row = step.after or step.before
    if row is None:
        return  # made and deleted in one change
    subject = subject_of(step.model, row)
    if about is not None and subject != about:
        subject, row = about, step.before
    before, after = step.before, step.after
    if before and after and len(step.subjects) > 1 and about is not None:
        # It went from one record to another: here it came, or it is gone.
        if subject_of(step.model, after) == about:
            before = None
        else:
            after = None
    what = CHANGED if before and after else MADE if after else GONE
    common = {
        "number": step.number,
        "record": named[subject.root, subject.key],
        "model": step.model,
        "key": step.key,
        "row": _called(step.model, row, named),
        "what": what,
    }
    if what != CHANGED:
        yield Difference(**common)
    for field in written_fields(step.model):
        if not field.editable:
            continue
        if what != CHANGED and field.name == step.model.owner:
            continue
        (old, old_name), (new, new_name) = (
            _text(field, each, named) for each in (before, after)
        )
        if old != new:
            yield Difference(
                **common,
                field=field.name,
                old=old,
                new=new,
                old_name=old_name,
                new_name=new_name,
                is_private=any(
                    issubclass(step.model, base) and field.name in names
                    for base, names in PRIVATE
                ),
            )


def _text(field, row, named):
    """A value in its text form, and what a record is called that it names."""
    if row is None:
        return "", ""
    value = getattr(row, field.attname)
    if not field.is_relation or value is None:
        return text_of(value), ""
    record = named[root_of(field.related_model), value]
    return record.slug or str(value), record.name


def called(model, row):
    """What a row that belongs to a record is called among its like."""
    return _called(model, row, _named_by([(model, row)]))


def _called(model, row, named):
    """What a row is called among its like: by what no two of a record share."""
    if not model.owner:
        return "" if issubclass(model, Record) else str(model._meta.verbose_name)
    unique = {
        name
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        for name in constraint.fields
    }
    texts = [
        _text(field, row, named)[0]
        for field in written_fields(model)
        if field.name in unique and field.name != model.owner
    ]
    return f"{model._meta.verbose_name} “{', '.join(text for text in texts if text)}”"


def _named(steps):
    """Every record that these steps are about or name."""
    return _named_by(
        (step.model, row)
        for step in steps
        for row in (step.before, step.after, step.last)
        if row is not None
    )


def _named_by(rows):
    """Every record that these rows are about or name, in one query for each table."""
    keys = defaultdict(set)
    for model, row in rows:
        subject = subject_of(model, row)
        keys[subject.root].add(subject.key)
        for field in written_fields(model):
            value = getattr(row, field.attname) if field.is_relation else None
            if value is not None:
                keys[root_of(field.related_model)].add(value)
    return {
        (root, key): named
        for root, wanted in keys.items()
        for key, named in names_of(root, wanted).items()
    }


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
