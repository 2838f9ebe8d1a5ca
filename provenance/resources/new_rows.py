"""Rows of a file that create a record: their key does not exist yet."""

from itertools import compress

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..tracking.bulk import insert_columns, with_defaults
from .rules import Rules


def make_rows(reading, batch, places, columns, key_values, nothing_under):
    """Writes those of these rows that are right, with their lists and citations.

    ``nothing_under`` names a column whose values in them no row on record has.
    """
    if not places:
        return
    values, texts = reading.read(batch, places, columns, but=reading.key)
    for name in reading.key:
        values[name] = [key_values[name][place] for place in places]
    rows = _rows(reading, batch, places, values)
    reading.refuse_unless_allowed(batch, places, "add")
    reading.check(batch, places, rows, nothing_under)
    right = [batch.is_right(place) for place in places]
    if not all(right):
        places, rows, values, texts = (
            list(compress(places, right)),
            *(
                {name: list(compress(column, right)) for name, column in of.items()}
                for of in (rows, values, texts)
            ),
        )
    if not places:
        return
    lines = [batch.lines[place] for place in places]
    reading.warn(lines, rows, new=True)
    bounds = {bound.name for bound in reading.rules.bounds}
    keys = insert_columns(reading.model, rows, reading.job.change, as_given=bounds)
    reading.wrote(lines, rows[reading.owner] if reading.owner else keys)
    for name, cell in reading.cells.items():
        if cell.is_list:
            _fill(reading, batch, places, cell, keys, values[name])
    if reading.inward:
        slugs = [batch.rows[place][reading.key_places[0]] for place in places]
        for name in reading.inward:
            found = reading.cells[name].widget.found
            found.update((s, (k, s)) for s, k in zip(slugs, keys, strict=True))
    if reading.job.attribution:
        given = [batch.rows[place] for place in places]
        reading.job.attribution.cite_new(reading, keys, texts, given)
    batch.made += places


def _rows(reading, batch, places, values):
    """New rows by column, with what the file leaves out; some must be said."""
    for name in reading.needed:
        for place in places:
            _refuse_lacking(reading, batch, place, name)
    given = {}
    for name, column in values.items():
        field = reading.cells[name].django_field
        if not reading.cells[name].is_list:
            given[field.attname] = _instead_of_wrong(field, column)
    rows = with_defaults(reading.model, given, len(places))
    for bound in reading.rules.bounds:
        rows[bound.attname] = bound.derive_column(reading.model, rows)
    return rows


def _refuse_lacking(reading, batch, place, name):
    """Takes down that a new row lacks a column; of rows written together, once."""
    if name in reading.told_needed and not reading.job.sets_aside:
        batch.wrong_columns[place].add(name)
        return
    reading.told_needed.add(name)
    message = _("nothing gives this column a value, and a new record needs one.")
    batch.refuse(place, ValidationError(message, "required"), name)


def _instead_of_wrong(field, column):
    """The column with something that can be looked at in place of what is wrong."""
    if field.null or None not in column:
        return column
    default = field.to_python(field.get_default())
    return [default if value is None else value for value in column]


def _fill(reading, batch, places, cell, keys, lists):
    """Writes the lists of new records."""
    through = cell.django_field.remote_field.through
    filled = [place for place, items in zip(places, lists, strict=True) if items]
    reading.refuse_unless_allowed(batch, filled, "add", through, cell.column_name)
    links = [
        (place, key, item)
        for place, key, items in zip(places, keys, lists, strict=True)
        for item in items
    ]
    if not links:
        return
    of, *both = map(list, zip(*links, strict=True))
    given = dict(zip(cell.through_names(), both, strict=True))
    rows = with_defaults(through, given, len(of))
    for number, error in Rules(through).broken(rows, len(of), {}):
        batch.refuse(of[number], ValidationError(error.messages), cell.column_name)
    insert_columns(through, rows, reading.job.change)
