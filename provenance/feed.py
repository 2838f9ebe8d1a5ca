"""What has changed, by meaning, as the public may know it: one stream, without gaps.

The entries stand in the order of the changes, within one by the kind of record and then
by its key. A place in the stream is the number of the change, the kind and the key.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .changes import ChangeSet
from .kinds import record_types
from .models import Citation, Dispute, Record, Redirect
from .past import root_of, steps_among, subject_of, written_fields
from .since import parts
from .statements import kinds_named, split_list, text_of

PUBLISHED = Record.Status.PUBLISHED
PRIVATE = {"private_note", "quotation", "status"}
FIRST = (0, 0, 0)  # the place before everything
LAST = (2**63 - 1, 0, 0)  # the place behind everything
LOOKS = 20  # how often a page looks further behind what nobody may see

EVENTS = {
    "created": _("It was made, and published with that."),
    "published": _("It was published, or published again."),
    "changed": _("A value, a row or a citation of it changed."),
    "renamed": _("It got another slug; the former one leads to it."),
    "withdrawn": _("It is not public any more."),
    "merged": _("It was found to be the same as another, which is now in its place."),
    "deleted": _("It was deleted."),
    "disputed": _("A field of it came into dispute, or is in dispute again."),
    "settled": _("It was said why a source contradicts it."),
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


def newest(most=50):
    """The last entries, the newest first: the stream from its end backwards."""
    entries, before, looks = [], LAST, 0
    while len(entries) < most and before and looks < LOOKS:
        places = _places_before(before, most)
        entries += _entries(places)
        before, looks = places and places[-1], looks + 1
    return entries[:most]


def place_behind(moment):
    """The place behind all changes up to a moment."""
    last = ChangeSet.objects.filter(at__lte=moment).order_by("-at").first()
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


def _places_before(before, most):
    """The places before a place, the last of them first."""
    number, table, key = before
    found = []
    for place, model in enumerate(tables()):
        rows = _known_rows(model).filter(change_set__gt=0)
        rows = rows.filter(_beyond("lt", place, model, number, table, key))
        found.append(_places_in(rows, place, model, "-", most))
    return list(islice(merge(*found, reverse=True), most))


def _known_rows(model):
    """The history of a table, but for what was never public."""
    if not issubclass(model, Record):
        return model.history.all()
    return model.history.filter(status__in=(PUBLISHED, Record.Status.WITHDRAWN))


def _beyond(side, place, model, number, table, key):
    """What lies on one side of a place, in the table at ``place``."""
    beyond = Q(**{f"change_set__{side}": number})
    if place == table:
        keys = Q(**{f"{model._meta.pk.attname}__{side}": key})
        return beyond | Q(change_set=number) & keys
    if (place > table) == (side == "gt"):
        return beyond | Q(change_set=number)
    return beyond


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
    belonging = defaultdict(list)  # what changed of its rows, by change and record
    for name, owner in parts(model).items():
        where = {f"{owner.attname}__in": keys}
        for step in _wanted_steps(owner.model, wanted, **where):
            for subject in step.subjects:
                belonging[step.number, subject.key].append((name, owner, step))
    public = _Public(
        [(model, step) for step in steps]
        + [(o.model, step) for rows in belonging.values() for _n, o, step in rows]
    )
    now = model.objects.published().in_bulk(keys)
    then = _Then(model, [row for step in steps for row in (step.before, step.after)])
    for step in steps:
        if (step.number, step.key) in wanted:
            change, record = changes[step.number], now.get(step.key)
            event = _event_of(step, change, record, then)
            entry = _entry_of(model, step, event, change, record)
            if event in ("changed", "renamed"):
                fields = public.fields_changed(model, step)
                rows = public.rows_changed(
                    model, step.key, belonging[step.number, step.key]
                )
                if not fields and not rows:
                    continue
                entry = Entry(**{**vars(entry), "fields": fields, "rows": rows})
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


class _Then:
    """What the records that others are public through were at the end of a change."""

    def __init__(self, model, rows):
        self.model, self.past = model, {}
        for path in model.public_through:
            kind, named = model, [row for row in rows if row is not None]
            for name in path.split("__"):
                column = kind._meta.get_field(name)
                keys = {getattr(row, column.attname) for row in named}
                kind = column.related_model
                self.past[kind] = _past_of(kind, keys)
                named = [row for past in self.past[kind].values() for row in past]

    def led_to(self, row, number):
        """Whether all that such a record is public through was published then."""
        for path in self.model.public_through:
            kind, named = self.model, row
            for name in path.split("__"):
                column = kind._meta.get_field(name)
                kind, key = column.related_model, getattr(named, column.attname)
                named = _row_then(self.past[kind].get(key, ()), number)
                if named is None or named.status != PUBLISHED:
                    return False
        return True


def _past_of(model, keys):
    """The history of these records, each in order, by key."""
    column, past = model._meta.pk.attname, defaultdict(list)
    rows = model.history.filter(**{f"{column}__in": keys})
    for row in rows.order_by("history_id"):
        past[getattr(row, column)].append(row)
    return past


def _row_then(past, number):
    """The row of a history at the end of a change; None if there was no record."""
    rows = [row for row in past if (row.change_set_id or 0) <= number]
    return rows[-1] if rows and rows[-1].history_type != "-" else None


class _Public:
    """The texts of past rows, as far as they name nothing that is not public."""

    def __init__(self, steps):
        keys = defaultdict(set)
        for model, step in steps:
            for row in (step.before, step.after):
                for column in written_fields(model) if row is not None else ():
                    value = getattr(row, column.attname) if column.is_relation else None
                    if value is not None and _names_a_record(column):
                        keys[root_of(column.related_model)].add(value)
        self.slugs = {
            (root, key): slug
            for root, wanted in keys.items()
            for key, slug in root.objects.published()
            .filter(pk__in=wanted)
            .values_list("pk", "slug")
        }

    def fields_changed(self, model, step):
        before, after = (self.texts(model, row) for row in (step.before, step.after))
        return {
            name: (before[name] or "", after[name] or "")
            for name in before
            if (before[name] or "") != (after[name] or "")
        }

    def rows_changed(self, model, key, belonging):
        found = defaultdict(list)
        for name, owner, step in belonging:
            pair = tuple(
                self.row_texts(model, name, owner, row)
                if row is not None and subject_of(step.model, row).key == key
                else None
                for row in (step.before, step.after)
            )
            if pair[0] != pair[1]:
                found[name].append(pair)
        return dict(found)

    def row_texts(self, model, name, owner, row):
        """The texts of a row; None if the public may not know of it."""
        texts = self.texts(owner.model, row, owner)
        for column in written_fields(owner.model):
            if texts.get(column.name, "") is None:
                if not column.null or column.related_model in model.lists.get(name, ()):
                    return None
                texts[column.name] = ""
        if issubclass(owner.model, Citation) and not self.may_be_stated(model, texts):
            return None
        return texts

    def may_be_stated(self, model, texts):
        """Whether no record is named in a statement that is not public."""
        name = texts["field"]
        if name not in model.citable or not texts["stated"]:
            return True
        kinds = kinds_named(model, name)
        slugs = split_list(texts["stated"]) if kinds else []
        return all(
            any(kind.objects.published().filter(slug=slug).exists() for kind in kinds)
            for slug in slugs
        )

    def texts(self, model, row, owner=None):
        """The text of each column; None for one that names what is not public."""
        return {
            column.name: self.text(column, row)
            for column in written_fields(model)
            if column is not owner and column.editable and column.name not in PRIVATE
        }

    def text(self, column, row):
        value = getattr(row, column.attname)
        if value is None or not _names_a_record(column):
            return text_of(value)
        return self.slugs.get((root_of(column.related_model), value))


def _names_a_record(column):
    return column.is_relation and issubclass(column.related_model, Record)


# Disputes


def _of_disputes(model, wanted, changes):
    keys = {key for _number, key in wanted}
    steps = _wanted_steps(model, wanted, id__in=keys)
    rows = (row for step in steps for row in (step.before, step.after) if row)
    about = {row.record_id for row in rows}
    records = model.disputed_model().objects.published().in_bulk(about)
    known = _known_then(records.values())
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


def _known_then(records):
    """Tells whether one of these was public at the end of a change."""
    kinds, past, then = record_types(), {}, {}
    for name in {record.record_type for record in records}:
        keys = {record.pk for record in records if record.record_type == name}
        past[name] = _past_of(kinds[name], keys)
        rows = [row for rows in past[name].values() for row in rows]
        then[name] = _Then(kinds[name], rows)

    def known(record, number):
        name = record.record_type
        row = _row_then(past[name].get(record.pk, ()), number)
        is_published = row is not None and row.status == PUBLISHED
        return is_published and then[name].led_to(row, number)

    return known


def _turn(step):
    """How a dispute turned in a step; '' if it did not, as far as the public knows."""
    before, after = (
        row.public_state if row else "" for row in (step.before, step.after)
    )
    if before == after:
        return ""
    return {"": "resolved", "open": "disputed", "settled": "settled"}[after]
