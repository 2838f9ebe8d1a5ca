"""Changes are taken back, and records put back as they were: as one change, or not."""

from collections import defaultdict
from contextlib import contextmanager

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from simple_history.models import SIMPLE_HISTORY_REVERSE_ATTR_NAME

from .batches import batches, filtered
from .changes import ChangeSet, changing, close, open_change
from .differences import called, differences_of, names_of
from .models import Dispute
from .past import (
    DELETED,
    Subject,
    root_of,
    rows_at,
    steps_of,
    subject_of,
    written_fields,
)
from .statements import text_of
from .tracking import Tracked
from .writing import delete_many

AT_ONCE = 200  # rows that are written in one statement


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
                    "What would be put back collides with what is on record now; take "
                    "back the later changes first."
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

    def __init__(self):
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
    plan, current = _Plan(), _current((step.model, step.key) for step in steps)
    conflicts = []
    for step in steps:
        now = current.get((step.model, step.key))
        if step.before is None and step.after is None:
            continue
        if step.before is None:
            if now is not None:
                changed = _fields_between(step.after, now, step.model)
                if changed:
                    conflicts.append((step, now, None))
                plan.deleted[step.model][step.key] = now
        elif step.after is None:
            if now is None:
                plan.made[step.model][step.key] = step.before
            elif _fields_between(step.before, now, step.model):
                conflicts.append((step, now, None))
        elif now is None:
            conflicts.append((step, None, None))
        else:
            _set_back(plan, conflicts, step, now)
    plan.obstacles += _conflicts_in_words(conflicts)
    if not plan and not plan.obstacles:
        plan.obstacles.append(
            _("Everything is as it was before: nothing to take back.")
        )
    return plan


def _set_back(plan, conflicts, step, now):
    fields = []
    for field in _fields_between(step.before, step.after, step.model):
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
    then = rows_at(subject, past)
    plan, current = _Plan(), _current(then)
    for (kind, key), row in then.items():
        now = current.get((kind, key))
        elsewhere = now is not None and subject_of(kind, now) != subject
        if elsewhere and row is not None:
            holder = subject_of(kind, now)
            plan.obstacles.append(
                _("%(row)s belongs to “%(holder)s” now; give it back first.")
                % {"row": _titled(kind, now), "holder": _name(holder)}
            )
        elif elsewhere or (now is None and row is None):
            continue
        elif row is None:
            plan.deleted[kind][key] = now
        elif now is None:
            plan.made[kind][key] = row
        else:
            fields = _fields_between(row, now, kind)
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
        for key, row in _in_bulk(model, wanted).items()
    }


def _in_bulk(model, keys):
    found = {}
    for part in batches(sorted(keys), AT_ONCE):
        found |= model._base_manager.in_bulk(part)
    return found


def _fields_between(one, other, model):
    """The fields in which two states of a row differ."""
    return [
        field
        for field in written_fields(model)
        if getattr(one, field.attname) != getattr(other, field.attname)
    ]


# What is in the way


def _conflicts_in_words(conflicts):
    """A sentence for each value that was changed again since."""
    for step, now, field in conflicts:
        later = _later(step, field)
        place = {
            "record": _name(subject_of(step.model, step.after or step.before)),
            "row": _titled(step.model, now or step.after or step.before),
            "number": later,
        }
        if field is not None:
            yield _(
                "“%(record)s”: %(row)s%(field)s was made “%(made)s” and is “%(now)s” "
                "now; take back change %(number)s first."
            ) % {
                **place,
                "row": f"{place['row']}, " if step.model.owner else "",
                "field": field.verbose_name,
                "made": text_of(getattr(step.after, field.attname)),
                "now": text_of(getattr(now, field.attname)),
            }
        elif now is None:
            yield (
                _(
                    "“%(record)s”: %(row)s has been deleted; take back change "
                    "%(number)s first."
                )
                % place
            )
        else:
            yield (
                _(
                    "“%(record)s”: %(row)s has been changed; take back change "
                    "%(number)s first."
                )
                % place
            )


def _later(step, field):
    """The last change that made a row, or one field of it, what it is now."""
    key = step.model._meta.pk.attname
    rows = step.model.history.filter(
        **{key: step.key}, history_id__gte=step.last.history_id
    ).order_by("-history_id")
    following = None
    for row in rows:
        if following is not None:
            changed = _fields_between(row, following, step.model)
            if following.history_type == DELETED or (
                field in changed if field else changed
            ):
                return following.change_set_id
        following = row
    return None


def _titled(model, row):
    """A row as it is called in a sentence."""
    if model.owner:
        return called(model, row)
    return f"{model._meta.verbose_name} “{getattr(row, 'instance', row)}”"


def _name(subject):
    return str(names_of(subject.root, [subject.key])[subject.key])


def _references_in_the_way(plan):
    """A sentence for each row that refers to what would be deleted."""
    changed = {
        (model, row.pk): row for model, rows in plan.changed.items() for row, _f in rows
    }
    for model, rows in plan.deleted.items():
        for relation in _relations_to(model):
            if issubclass(relation.related_model, Dispute):
                continue
            for referring in _referring(relation, rows):
                link, place = relation.field, (_kind_of(referring), referring.pk)
                stays = changed.get(place, referring)
                gone = rows.get(getattr(stays, link.attname))
                if gone is None or referring.pk in plan.deleted.get(place[0], ()):
                    continue
                yield _(
                    "“%(record)s” is referred to by %(row)s (%(field)s), which is not "
                    "part of this; change or delete that first."
                ) % {
                    "record": gone,
                    "row": _titled(place[0], referring),
                    "field": link.verbose_name,
                }


def _referring(relation, keys):
    """The rows that refer to those of these keys."""
    rows = relation.related_model._base_manager
    for part in batches(sorted(keys), AT_ONCE):
        yield from rows.filter(**{f"{relation.field.attname}__in": part})


def _relations_to(model):
    return [
        relation
        for relation in model._meta.get_fields(include_hidden=True)
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and not relation.parent_link
        and issubclass(relation.related_model, Tracked)
    ]


def _kind_of(row):
    return type(getattr(row, "specific", row))


def _missing(plan):
    """A sentence for each row that would refer to what is not there any more."""
    made = {(root_of(model), key) for model, rows in plan.made.items() for key in rows}
    gone = {
        (root_of(model), key) for model, rows in plan.deleted.items() for key in rows
    }
    wanted = defaultdict(list)
    for model, row, fields in [
        *(
            (model, row, written_fields(model))
            for model, rows in plan.made.items()
            for row in rows.values()
        ),
        *(
            (model, row, fields)
            for model, rows in plan.changed.items()
            for row, fields in rows
        ),
    ]:
        for field in fields:
            key = getattr(row, field.attname) if field.is_relation else None
            if key is not None:
                wanted[root_of(field.related_model), key].append((model, row, field))
    there = set()
    for root in {root for root, _key in wanted}:
        keys = {key for other, key in wanted if other is root}
        there |= {(root, key) for key in _in_bulk(root, keys)}
    for place, rows in wanted.items():
        if place in made or (place in there and place not in gone):
            continue
        for model, row, field in rows:
            yield _(
                "%(row)s needs its %(field)s “%(name)s”, which has been deleted; "
                "restore that first."
            ) % {
                "row": capfirst(_titled(model, row)),
                "field": field.verbose_name,
                "name": _name(Subject(*place)),
            }


# Writing


def _write(plan):
    """Writes a plan, or raises CannotUndo with all that is in the way of it."""
    plan.obstacles += _references_in_the_way(plan)
    plan.obstacles += _missing(plan)
    if plan.obstacles:
        raise CannotUndo(list(dict.fromkeys(plan.obstacles)))
    _delete(plan.deleted)
    for model, rows in plan.changed.items():
        _set(model, rows, plan.obstacles)
    for model, rows in _in_order_of_reference(plan.made):
        _make(model, rows, plan.obstacles)
    if plan.obstacles:
        raise CannotUndo(list(dict.fromkeys(plan.obstacles)))


def _delete(deleted):
    """Deletes rows, each with its row of history, whatever refers to them.

    What does was looked at before, or is deleted beside them.
    """
    change = open_change()
    for model, rows in deleted.items():
        for relation in _relations_to(model):
            disputes = relation.related_model
            if issubclass(disputes, Dispute):
                keys = disputes.objects.values_list("pk", flat=True)
                among = {relation.field.name: rows}
                delete_many(disputes, list(filtered(keys, **among)), change)
        delete_many(model, sorted(rows), change)


def _set(model, rows, obstacles):
    """Writes the fields of rows that have changed, where nothing refuses that."""
    waiting = defaultdict(list)

    def write():
        for fields, several in waiting.items():
            model.objects.bulk_update(several, fields, batch_size=AT_ONCE)
        waiting.clear()

    for row, fields in rows:
        if _refusals(row):
            write()  # it may be one of those that stands in the way
        if refusals := _refusals(row):
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
        if refusals := _refusals(row):
            obstacles += refusals
            rows.remove(row)
    if model._meta.parents:
        for row in rows:
            row.save()
    else:
        model.objects.bulk_create(rows, batch_size=AT_ONCE)


def _refusals(row):
    """What the rules of its model say against a row."""
    try:
        row.clean()
        row.validate_unique()
        row.validate_constraints()
    except ValidationError as error:
        name = capfirst(_titled(type(row), row))
        return [f"{name}: {said}" for said in error.messages]
    except ObjectDoesNotExist:
        return []  # what it belongs to was refused, and that has been said
    return []


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
                for field in written_fields(model)
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
