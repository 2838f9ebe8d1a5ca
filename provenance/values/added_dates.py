"""Partial dates that are added to tables which may have millions of rows."""

from datetime import date

from ..db.added_columns import AddDerivedColumn
from .dates import bounds_of


def add_partial_date(model, name, field):
    """The steps of a migration that add a partial date, known of no row, and its
    bounds."""
    yield AddDerivedColumn(model, name, field)
    for bound, unknown in zip(bounds_of(name), (date.min, date.max), strict=True):
        bound.default = unknown
        column = f"{name}_{bound.edge}"
        yield AddDerivedColumn(model, column, bound, preserve_default=False)
