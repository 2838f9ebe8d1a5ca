"""What was written in a record since a version of it, by whom, when and why.

A record's version covers its rows and its citations: what a change wrote of them
belongs to the version that the same change gave the record.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, pairwise

from django.db.models import Q

from ..values.stated import text_of

MAX_STEPS = 20  # later versions that are told of: the last ones are the nearest


@dataclass(frozen=True)
class Step:
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


@dataclass(frozen=True)
class State:
    """A record and its rows, by relation and key, as they are at one time."""

    record: object
    rows: dict[str, dict[int, object]]


def parts(model):
    """The columns of rows and citations that say whose part they are, by relation."""
    return {
        relation.get_accessor_name(): relation.field
        for relation in model._meta.related_objects
        if getattr(relation.related_model, "owner", "") == relation.field.name
    }


def written_columns(model):
    """The columns of a table that somebody writes."""
    return [
        column
        for column in model._meta.concrete_fields
        if column.editable
        and not column.primary_key
        and not getattr(column.remote_field, "parent_link", False)
    ]


def steps_since(record, version):
    """The versions of a record after this one, from the first; at most the last 20."""
    since = max(version, record.version - MAX_STEPS)
    past = _past(record).filter(version__gte=since).order_by("history_id")
    # What one change wrote is one step, however often it wrote the record.
    ends = [list(rows)[-1] for _change, rows in groupby(past, key=_change_of)]
    pairs = [pair for pair in pairwise(ends) if pair[1].version > version]
    rows = _rows_written(record, {step.change_set_id for _former, step in pairs})
    return [
        Step(
            version=step.version,
            at=step.history_date,
            by=step.history_user and step.history_user.get_username(),
            reason=step.history_change_reason,
            fields=fields_changed(type(record), former, step),
            rows=rows[step.change_set_id],
        )
        for former, step in pairs
    ]


def last_write(record):
    """The row of history that says who wrote a record last, and when."""
    return _past(record).order_by("-history_id").first()


def state_now(record):
    """The record as it is, with its rows."""
    rows = {
        name: {
            row.pk: row
            for row in owner.model._base_manager.filter(**{owner.attname: record.pk})
        }
        for name, owner in parts(type(record)).items()
    }
    return State(record, rows)


def state_in(record, version):
    """The record and its rows as they were in a version; None if it never had it."""
    seen = _past(record).filter(version=version).order_by("-history_id").first()
    if seen is None:
        return None
    by_then = Q(change_set=None)  # older than any change
    if seen.change_set_id is not None:
        by_then |= Q(change_set__lte=seen.change_set_id)
    rows = {}
    for name, owner in parts(type(record)).items():
        past = owner.model.history.filter(by_then, **{owner.attname: record.pk})
        last = {row.id: row for row in past.order_by("history_id")}
        rows[name] = {
            key: row.instance for key, row in last.items() if row.history_type != "-"
        }
    return State(seen.instance, rows)


def fields_changed(model, before, after):
    """The text before and after of each column that differs."""
    before, after = texts(model, before), texts(model, after)
    return {
        name: (before[name], after[name])
        for name in before
        if before[name] != after[name]
    }


def rows_changed(model, before, after):
    """What stood in each row that differs before and after, by relation."""
    changed = {}
    for name, owner in parts(model).items():
        was, is_ = (
            {
                key: texts(owner.model, row, owner)
                for key, row in state.rows[name].items()
            }
            for state in (before, after)
        )
        keys = sorted(was.keys() | is_.keys())
        pairs = [(was.get(key), is_.get(key)) for key in keys]
        if pairs := [pair for pair in pairs if pair[0] != pair[1]]:
            changed[name] = pairs
    return changed


def texts(model, row, owner=None):
    """What somebody wrote in a row, or in a past one, in the form of the tables."""
    return {
        column.name: _text(row, column)
        for column in written_columns(model)
        if column is not owner
    }


def _text(row, column):
    value = getattr(row, column.attname)
    if value is None or not column.is_relation:
        return text_of(value)
    slugs = column.related_model._base_manager.filter(pk=value)
    return slugs.values_list("slug", flat=True).first() or f"#{value}"


def _past(record):
    model = type(record)
    past = model.history.filter(**{model._meta.pk.attname: record.pk})
    return past.select_related("history_user")


def _change_of(row):
    """What tells the step of a row of history; one older than changes is its own."""
    return row.change_set_id or -row.history_id


def _rows_written(record, changes):
    """What each of these changes wrote in the rows of a record, by relation."""
    found = defaultdict(dict)
    for name, owner in parts(type(record)).items():
        history = owner.model.history
        written = history.filter(change_set__in=changes, **{owner.attname: record.pk})
        standing, pairs = {}, defaultdict(dict)
        for row in history.filter(id__in=written.values("id")).order_by("history_id"):
            there = row.history_type != "-" and getattr(row, owner.attname) == record.pk
            now = texts(owner.model, row, owner) if there else None
            if row.change_set_id in changes:
                first = (standing.get(row.id), None)
                before, _after = pairs[row.change_set_id].get(row.id, first)
                pairs[row.change_set_id][row.id] = (before, now)
            standing[row.id] = now
        for change, rows in pairs.items():
            if told := [pair for pair in rows.values() if pair[0] != pair[1]]:
                found[change][name] = told
    return found
