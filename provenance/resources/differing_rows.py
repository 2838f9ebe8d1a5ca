"""Rows of a file that change what is on record, or say otherwise where they may not."""

from itertools import compress

from django.core.exceptions import ValidationError

from ..db.constraint_predicates import Columns
from ..db.m2m import RefusedItem
from ..tracking.bulk import update_many
from .attribution import not_stated
from .outcome import CellOutcome, Kind


def keep_rows(reading, batch, places, keys, recorded, columns):
    """Refuses those of these rows that say something else than what is on record; the
    places of the others. An empty cell says nothing.
    """
    _values, texts = reading.read(batch, places, columns, empty_says_nothing=True)
    for number, place in enumerate(places):
        now = zip(reading.headers, recorded[keys[place]].texts, strict=True)
        others = {
            name: not_stated(text)
            for name, text in now
            if texts[name][number] not in (None, "", text)
        }
        if others:
            batch.refuse(place, ValidationError(others))
    return [place for place in places if batch.is_right(place)]


def change_rows(reading, batch, places, keys, recorded, columns):
    """Writes what differs in these rows; the places of those that differ in nothing.

    Some differ as texts only until both are in the canonical form.
    """
    if not places:
        return []
    values, texts = reading.read(batch, places, columns)
    rows = list(zip(*(texts[name] for name in reading.headers), strict=True))
    changed, same = {}, []
    for number, place in enumerate(places):
        before = recorded[keys[place]].texts
        if not batch.is_right(place) or before != rows[number]:
            changed[number] = place
        else:
            same.append(place)
    if changed:
        pairs = [(number, recorded[keys[place]]) for number, place in changed.items()]
        _write(reading, batch, list(changed.values()), pairs, rows, values)
    return same


def _write(reading, batch, places, pairs, rows, values):
    """Writes the rows at places; pairs are the number of each and what is on record."""
    records, names = _with_new_values(reading, pairs, rows, values)
    reading.refuse_unless_allowed(batch, places, "change")
    reading.check(batch, places, Columns(records))
    right = [batch.is_right(place) for place in places]
    records = list(compress(records, right))
    pairs = list(compress(pairs, right))
    places = list(compress(places, right))
    columns = [name for name in reading.headers if name in names]
    plain = [name for name in columns if not reading.cells[name].is_list]
    lines = [batch.lines[place] for place in places]
    reading.warn(lines, Columns(records))
    if records and plain:
        update_many(reading.model, records, plain, reading.job.change)
    for name in columns:
        if reading.cells[name].is_list:
            lists = [values[name][number] for number, _found in pairs]
            _refill(reading, batch, places, reading.cells[name], records, lists)
    keys = [getattr(record, reading.owner or reading.pk) for record in records]
    reading.wrote(lines, keys)
    for place, (number, found) in zip(places, pairs, strict=True):
        cells = _differing(reading.headers, found.texts, rows[number])
        batch.written[place] = (
            Kind.CHANGED,
            tuple(CellOutcome(name, before, after) for name, before, after in cells),
        )


def _differing(headers, before, after):
    """The names of the columns that differ, each with both of its texts."""
    return [
        cell for cell in zip(headers, before, after, strict=True) if cell[1] != cell[2]
    ]


def _with_new_values(reading, pairs, rows, values):
    """The records in memory as the file has them, and the names of what differs.

    What is wrong in the file stays in a record as it is on record.
    """
    stored = reading.resource.base_rows().in_bulk([found.pk for _n, found in pairs])
    records, names = [], set()
    for number, found in pairs:
        record = stored[found.pk]
        cells = _differing(reading.headers, found.texts, rows[number])
        for name, _before, after in cells:
            if after is not None:
                names.add(name)
                cell = reading.cells[name]
                if not cell.is_list:
                    setattr(record, cell.django_field.attname, values[name][number])
        records.append(record)
    return records, names


def _refill(reading, batch, places, cell, records, lists):
    """Makes the lists of records on record what the file says."""
    items = cell.widget.model._base_manager.in_bulk({k for keys in lists for k in keys})
    replaced = []
    for place, record, keys in zip(places, records, lists, strict=True):
        wanted = [items[key] for key in keys]
        try:
            if cell.replace(record, wanted):
                replaced.append(place)
        except RefusedItem as error:
            batch.refuse(place, error, cell.column_name)
    through = cell.django_field.remote_field.through
    for verb in ("add", "delete"):
        reading.refuse_unless_allowed(batch, replaced, verb, through, cell.column_name)
