"""Slugs of new records that a file leaves empty: made of what they are called."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..models.record import Record, slugged


def with_slugs(reading, rows):
    """Rows of which each has a slug if it has a name, and the places where it is ours.

    A form proposes one that is free. Here the same file may come a second time: what it
    would be called is the slug, and where that is taken somebody has to decide.
    """
    if not _are_named(reading.model, reading.headers):
        return rows, ()
    slug, name = map(reading.headers.index, ("slug", reading.model.label_field))
    empty = {
        place
        for place, row in enumerate(rows)
        if None not in (row[slug], row[name]) and not row[slug].strip()
    }
    if not empty:
        return rows, ()
    return [
        [*row[:slug], slugged(row[name]), *row[slug + 1 :]] if place in empty else row
        for place, row in enumerate(rows)
    ], empty


def _are_named(model, headers):
    """Whether the slugs of a kind of record are made of a column that is there."""
    return (
        issubclass(model, Record)
        and not model.labelled_by
        and model.words_of_slug is Record.words_of_slug
        and {"slug", model.label_field} <= set(headers)
    )


def taken(slug):
    """What is wrong with a row whose slug would be that of a record."""
    return ValidationError(
        _(
            "It would be “%(slug)s”, which is taken: write that to change the record, "
            "or another slug for a new one."
        ),
        "taken",
        {"slug": slug},
    )
