"""Takes back changes and restores records, as one change or not at all."""

from collections import defaultdict
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from simple_history.models import SIMPLE_HISTORY_REVERSE_ATTR_NAME

from ..db.batches import filtered
from ..models import Dispute
from ..tracking.bulk import delete_many, insert_many, update_many
from ..tracking.changes import ChangeSet, changing, close, open_change
from ..tracking.dependent_columns import followers
from .reading import (
    columns,
    fields_between,
    kept_columns,
    root_of,
    state_at,
    steps_of,
    subject_of,
)
from .undo_checks import (
    conflicts_in_words,
    in_bulk,
    missing,
    name_of,
    references_in_the_way,
    refusals_of,
    relations_to,
    titled,
)
from .wording import differences_of


class CannotUndo(ValidationError):
    """A change that cannot be taken back; a sentence for each thing in the way."""


def undo(change_set, record=None, reason="", user=None):
    """Takes a change back, or what it did to one record with its rows and citations.

    Of what was changed only the fields that the change set are set back. Raises
    CannotUndo with all that is in the way; then nothing is written. Returns the open
    change.
    """
    with _as_one_change(reason, user, undoes=change_set) as change:
        _write(_taken_back(change_set, record))
    return change


def restore(past, reason="", user=None):
    """Puts a record back as it was after a change, with its rows and citations.

    ``past`` is a row of the record's history: the one that the change left, or the last
    one before it. Raises CannotUndo like undo(). Returns the open change.
    """
    reason = reason or _("restored as of %s") % f"{past.history_date:%Y-%m-%d %H:%M}"
    with _as_one_change(reason, user) as change:
        _write(_put_back(past))
    return change


def rehearse(act, *args, **kwargs):
    """What undo() or restore() would do, as differences; nothing is written."""
    with changing(ChangeSet.Path.UNDO) as change, _rolled_back(change):
        act(*args, **kwargs)
        return differences_of([change.row.pk], private=True)[change.row.pk]


@contextmanager
def _rolled_back(change):
    before = change.noted()
    said = change.path, change.reason, change.undoes
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)
            change.forget_since(before)
            change.path, change.reason, change.undoes = said


@contextmanager
def _as_one_change(reason, user, undoes=None):
    """A change that says what it takes back; what refuses it says so as CannotUndo."""
    path = ChangeSet.Path.UNDO
    with changing(path, user, reason, undoes) as change:
        before = change.noted()
        try:
            with transaction.atomic():
                change.become(path, reason, undoes)
                yield change
                close(change)
        except IntegrityError:
            change.forget_since(before)
            raise CannotUndo(
                _(
                    "This conflicts with what is recorded now; take back the later "
                    "changes first."
                )
            ) from None
        except CannotUndo:
            change.forget_since(before)
            raise
        except ValidationError as error:
            change.forget_since(before)
            raise CannotUndo(error.messages) from None


class _Plan:
    """What is to be deleted, set back and put back, and what is in the way of it."""

    def __init__(self, whole=False):
        self.whole = whole  # all that a change did, wherever
        self.deleted = defaultdict(dict)  # by model: rows by their key
        self.changed = defaultdict(list)  # by model: rows with the fields to write
        self.made = defaultdict(dict)
        self.obstacles = []

    def __bool__(self):
        return bool(self.deleted or self.changed or self.made)


def _taken_back(change_set, record):
    """The plan that takes back what a change did."""
    about = None if record is None else subject_of(type(record), record)
    steps = steps_of([change_set.pk], about)[change_set.pk]
    steps.sort(key=lambda step: step.last.history_id, reverse=True)  # newest first
    plan = _Plan(whole=record is None)
    current = _current((step.model, step.key) for step in steps)
    conflicts = []
    for step in steps:
        now = current.get((step.model, step.key))
        if step.before is None and step.after is None:
            continue
        if step.before is None:
            if now is not None:
                changed = fields_between(step.after, now, step.model)
                if changed:
                    conflicts.append((step, now, None))
                plan.deleted[step.model][step.key] = now
        elif step.after is None:
            if now is None:
                plan.made[step.model][step.key] = step.before
            elif fields_between(step.before, now, step.model):
                conflicts.append((step, now, None))
        elif now is None:
            conflicts.append((step, None, None))
        else:
            _set_back(plan, conflicts, step, now)
    plan.obstacles += conflicts_in_words(conflicts)
    if not plan and not plan.obstacles:
        plan.obstacles.append(
            _("Everything is as it was before: nothing to take back.")
        )
    return plan


def _set_back(plan, conflicts, step, now):
    fields = []
    for field in fields_between(step.before, step.after, step.model):
        old, made, stands = (
            getattr(row, field.attname) for row in (step.before, step.after, now)
        )
        if stands == old:
            continue
        if stands == made:
            setattr(now, field.attname, old)
            fields.append(field)
        elif field.editable:  # what another column decides follows that
            conflicts.append((step, now, field))
    if fields:
        setattr(now, SIMPLE_HISTORY_REVERSE_ATTR_NAME, step.before)
        plan.changed[step.model].append((now, fields))


def _put_back(past):
    """The plan that makes a record what it was after a change."""
    model = past.instance_type
    subject = subject_of(model, past)
    then = state_at(model, subject.key, past)
    plan, current = _Plan(), _current(then)
    for (kind, key), row in then.items():
        now = current.get((kind, key))
        elsewhere = now is not None and subject_of(kind, now) != subject
        if elsewhere and row is not None:
            holder = subject_of(kind, now)
            plan.obstacles.append(
                _("%(row)s belongs to “%(holder)s” now; move it back first.")
                % {"row": titled(kind, now), "holder": name_of(holder)}
            )
        elif elsewhere or (now is None and row is None):
            continue
        elif row is None:
            plan.deleted[kind][key] = now
        elif now is None:
            plan.made[kind][key] = row
        else:
            fields = fields_between(row, now, kind)
            for field in fields:
                setattr(now, field.attname, getattr(row, field.attname))
            if fields:
                setattr(now, SIMPLE_HISTORY_REVERSE_ATTR_NAME, row)
                plan.changed[kind].append((now, fields))
    if not plan and not plan.obstacles:
        plan.obstacles.append(_("It is as it was then: there is nothing to restore."))
    return plan


def _current(places):
    """The rows that there are now, by model and key."""
    keys = defaultdict(set)
    for model, key in places:
        keys[model].add(key)
    return {
        (model, key): row
        for model, wanted in keys.items()
        for key, row in in_bulk(model, wanted).items()
    }


# Writing


def _write(plan):
    """Writes a plan, or raises CannotUndo with all that is in the way of it."""
    plan.obstacles += references_in_the_way(plan)
    plan.obstacles += missing(plan)
    if plan.obstacles:
        raise CannotUndo(list(dict.fromkeys(plan.obstacles)))
    _delete(plan.deleted)
    back = list(_moved_back(plan)) if plan.whole else []
    for model, rows in plan.changed.items():
        _set(model, rows, plan.obstacles)
    for model, rows in _in_order_of_reference(plan.made):
        _make(model, rows, plan.obstacles)
    for row in back:
        plan.obstacles += refusals_of(row)
    if plan.obstacles:
        raise CannotUndo(list(dict.fromkeys(plan.obstacles)))


def _moved_back(plan):
    """Puts what only a merge moves back to where it was, with all that came along.

    Whether all of it is right there shows once the rest stands as it did, too.
    """
    for model, rows in plan.changed.items():
        fixed = getattr(model, "merged_within", ())
        for row, fields in rows:
            if names := {field.name for field in fields} & set(fixed):
                update_many(model, [row], names, open_change())
                fields[:] = [field for field in fields if field.name not in names]
                yield row


def _delete(deleted):
    """Deletes rows, each with its row of history, whatever refers to them.

    What does was looked at before, or is deleted beside them.
    """
    change = open_change()
    for model, rows in deleted.items():
        for relation in relations_to(model):
            disputes = relation.related_model
            if issubclass(disputes, Dispute):
                keys = disputes.objects.values_list("pk", flat=True)
                among = {relation.field.name: rows}
                delete_many(disputes, list(filtered(keys, **among)), change)
        delete_many(model, sorted(rows), change)


def _set(model, rows, obstacles):
    """Writes the fields of rows that have changed, where nothing refuses that."""
    change, waiting = open_change(), defaultdict(list)
    kept = {field.name for field in kept_columns(model)}

    def write():
        for names, several in waiting.items():
            # A citation stays checked against what it was: nobody looks at it now.
            said = {each.name for each in followers(model, names)} & kept
            update_many(model, several, {*names, *said}, change)
        waiting.clear()

    for row, fields in rows:
        if not fields:
            continue
        changed = {field.name for field in fields}
        refusals = refusals_of(row, changed)
        if refusals and waiting:
            write()  # it may be one of those that stands in the way
            refusals = refusals_of(row, changed)
        if refusals:
            obstacles += refusals
        else:
            waiting[tuple(field.name for field in fields)].append(row)
    write()


def _make(model, rows, obstacles):
    """Puts back rows that were deleted, where nothing refuses that."""
    rows = [row.instance for row in rows]
    for row in rows:
        row._state.adding = True
    for row in list(rows):
        if refusals := refusals_of(row):
            obstacles += refusals
            rows.remove(row)
    kept = {field.name for field in kept_columns(model)}
    insert_many(model, rows, open_change(), as_given=kept)


def _in_order_of_reference(made):
    """Rows to be put back, those first that others refer to, table by table."""
    waiting = {
        (model, key): row for model, rows in made.items() for key, row in rows.items()
    }
    place_of = {(root_of(model), key): (model, key) for model, key in waiting}
    while waiting:
        ready = defaultdict(list)
        for (model, key), row in waiting.items():
            needed = {
                place_of.get(
                    (root_of(field.related_model), getattr(row, field.attname))
                )
                for field in columns(model)
                if field.is_relation
            }
            if not (needed - {(model, key)}) & waiting.keys():
                ready[model].append((key, row))
        if not ready:  # they refer to each other: in any order
            for (model, key), row in waiting.items():
                ready[model].append((key, row))
        for model, rows in ready.items():
            for key, _row in rows:
                del waiting[model, key]
            yield model, [row for _key, row in rows]
