"""What has changed, by meaning, as the public may know it: one stream, without gaps.

The entries stand in the order of the changes, within one by the kind of record and then
by its key. A place in the stream is the number of the change, the kind and the key.
"""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..models import Dispute, Record, Redirect
from ..registry.kinds import record_types
from ..tracking.changes import ChangeSet
from .publication import PUBLISHED, PublicTexts, Then, known_then
from .reading import parts_written, steps_among

FIRST = (0, 0, 0)  # the place before everything
LAST = (2**63 - 1, 0, 0)  # the place behind everything
LOOKS = 20  # how often a page looks further behind what nobody may see

EVENTS = {
    "created": _("It was made, and published with that."),
    "published": _("It was published, or published again."),
    "changed": _("A value, a row or a citation of it changed."),
    "renamed": _("Its slug changed; the former slug redirects to it."),
    "withdrawn": _("It is not public any more."),
    "merged": _("It was merged into another record, which replaces it."),
    "deleted": _("It was deleted."),
    "disputed": _("A dispute about a field of it was opened or reopened."),
    "settled": _("A dispute about it was settled."),
    "resolved": _("Nothing contradicts the field any more."),
}


@dataclass(frozen=True)
class Entry:
    """One thing that happened to a record in one change.

    Of each field it has the text before and after, of each row its texts before and
    after: None where it is new or gone.
    """

    change: ChangeSet
    event: str
    type: str
    slug: str
    record: Record | None = None  # as it is now; None if it is not public any more
    version: int | None = None
    fields: dict[str, tuple[str, str]] = field(default_factory=dict)
    rows: dict[str, list[tuple[dict | None, dict | None]]] = field(default_factory=dict)
    disputed: str | None = None  # the field
    kind: str | None = None
    into: Record | None = None


def tables():
    """The tables that entries come from, in the order of the stream."""
    return [*record_types().values(), *Dispute.__subclasses__()]


def read(after=FIRST, until=None, most=50):
    """The entries behind a place, at most as many as asked for, and the place then.

    The place is None if there is nothing behind it; ``until`` is the last moment.
    """
    entries, looks = [], 0
    while len(entries) < most and looks < LOOKS:
        places = _places_behind(after, until, most - len(entries) + 1)
        read_on = places[: most - len(entries)]
        entries += _entries(read_on)
        if len(places) == len(read_on):
            return entries, None
        after, looks = read_on[-1], looks + 1
    return entries, after


def newest(most=50, before=LAST, among=None, looks=LOOKS):
    """The last entries before a place, the newest first: the stream backwards.

    Those of all tables, or of some models, as far as so many looks behind the place go.
    """
    entries, looked = [], 0
    while len(entries) < most and before and looked < looks:
        places = _places_before(before, most, among)
        entries += _entries(places)
        before, looked = places and places[-1], looked + 1
    return entries[:most]


def place_behind(moment):
    """The place behind all changes up to a moment."""
    last = ChangeSet.objects.filter(at__lte=moment).order_by("-at", "-number").first()
    return (last.number + 1, 0, 0) if last else FIRST


def _places_behind(after, until, most):
    number, table, key = after
    found = []
    for place, model in enumerate(tables()):
        rows = _known_rows(model)
        rows = rows.filter(_beyond("gt", place, model, number, table, key))
        if until is not None:
            rows = rows.filter(change_set__at__lte=until)
        found.append(_places_in(rows, place, model, "", most))
    return list(islice(merge(*found), most))


def _places_before(before, most, among):
    """The places before a place, the last of them first."""
    number, table, key = before
    found = []
    for place, model in enumerate(tables()):
        if among is not None and model not in among:
            continue
        rows = _known_rows(model).filter(change_set__gt=0)
        rows = rows.filter(_beyond("lt", place, model, number, table, key))
        found.append(_places_in(rows, place, model, "-", most))
    return list(islice(merge(*found, reverse=True), most))


def _known_rows(model):
    """The history of a table, but for what was never public."""
    if not issubclass(model, Record):
        return model.history.all()
    # Most of history was: it is no way to find a place in the stream.
    return model.history.filter(
        Q(status__beside=PUBLISHED) | Q(status__beside=Record.Status.WITHDRAWN)
    )


def _beyond(side, place, model, number, table, key):
    """What lies on one side of a place, in the table at ``place``.

    Said so that a database goes there by the index of changes.
    """
    beyond = Q(**{f"change_set__{side}": number})
    with_it = Q(**{f"change_set__{side}e": number})
    if place == table:
        keys = Q(**{f"{model._meta.pk.attname}__{side}": key})
        return with_it & (beyond | keys)
    return with_it if (place > table) == (side == "gt") else beyond


def _places_in(rows, place, model, direction, most):
    """The first places of a table in one direction."""
    column = model._meta.pk.attname
    keys = rows.order_by(f"{direction}change_set_id", f"{direction}{column}")
    keys = keys.values_list("change_set_id", column).distinct()[:most]
    return [(number, place, key) for number, key in keys]


def _entries(places):
    """What happened at these places, but for what the public may not know."""
    asked = defaultdict(set)
    for number, place, key in places:
        asked[place].add((number, key))
    changes = ChangeSet.objects.in_bulk({number for number, _place, _key in places})
    found = {}
    for place, wanted in asked.items():
        model = tables()[place]
        read_table = _of_records if issubclass(model, Record) else _of_disputes
        for number, key, entry in read_table(model, wanted, changes):
            found[number, place, key] = entry
    return [found[place] for place in places if place in found]


def _wanted_steps(model, wanted, **where):
    numbers = {number for number, _key in wanted}
    rows = model.history.filter(change_set__in=numbers, **where)
    return steps_among(model, rows)


# Records


def _of_records(model, wanted, changes):
    keys = {key for _number, key in wanted}
    column = model._meta.pk.attname
    steps = _wanted_steps(model, wanted, **{f"{column}__in": keys})
    written = parts_written(model, keys, {number for number, _key in wanted})
    rows = [row for step in steps for row in (step.before, step.after)]
    public = PublicTexts.about(model, rows, written.values())
    now = model.objects.published().labelled().in_bulk(keys)
    then = Then(model, rows)
    for step in steps:
        if (step.number, step.key) in wanted:
            change, record = changes[step.number], now.get(step.key)
            event = _event_of(step, change, record, then)
            entry = _entry_of(model, step, event, change, record)
            if event in ("changed", "renamed"):
                of_rows = written.get((step.number, step.key), {})
                fields = public.fields_changed(model, step.before, step.after)
                rows = public.rows_changed(model, of_rows)
                if not fields and not rows:
                    continue
                entry = replace(entry, fields=fields, rows=rows)
            if event:
                yield step.number, step.key, entry


def _event_of(step, change, record, then):
    """What happened to a record in a step; nothing that the public may know: ''."""
    before, after = step.before, step.after
    was = before is not None and before.status == PUBLISHED
    is_now = after is not None and after.status == PUBLISHED
    if not was and not is_now:
        return ""
    if was and not then.led_to(before, step.number - 1):
        return ""  # it was published, and nobody was led to it
    if not is_now:
        if after is not None:
            return "withdrawn"
        return "merged" if change.path == ChangeSet.Path.MERGE else "deleted"
    if record is None:
        return ""  # it was public then, and is not now
    if not was:
        return "created" if before is None else "published"
    if not then.led_to(after, step.number):
        return ""
    return "renamed" if before.slug != after.slug else "changed"


def _entry_of(model, step, event, change, record):
    row, into = step.after or step.before or step.last, None
    if event == "withdrawn":
        row = step.before  # a slug that it got with that was never public
    if event == "merged":
        target = Redirect.objects.filter(type=model.type_name(), slug=row.slug).first()
        into = target and model.objects.published().filter(slug=target.target).first()
    return Entry(
        change,
        event,
        model.type_name(),
        row.slug,
        record,
        step.after.version if step.after else None,
        into=into,
    )


# Disputes


def _of_disputes(model, wanted, changes):
    keys = {key for _number, key in wanted}
    steps = _wanted_steps(model, wanted, id__in=keys)
    rows = (row for step in steps for row in (step.before, step.after) if row)
    about = {row.record_id for row in rows}
    records = model.disputed_model().objects.published().labelled().in_bulk(about)
    known = known_then(records.values())
    for step in steps:
        row = step.after or step.before
        record = records.get(row.record_id) if row else None
        event = _turn(step)
        if (step.number, step.key) in wanted and record is not None and event:
            if not known(record, step.number):
                continue  # the dispute of a draft
            yield (
                step.number,
                step.key,
                Entry(
                    changes[step.number],
                    event,
                    record.record_type,
                    record.slug,
                    record,
                    disputed=row.field,
                    kind=row.kind,
                ),
            )


def _turn(step):
    """How a dispute turned in a step; '' if it did not, as far as the public knows."""
    before, after = (
        row.public_state if row else "" for row in (step.before, step.after)
    )
    if before == after:
        return ""
    return {"": "resolved", "open": "disputed", "settled": "settled"}[after]
