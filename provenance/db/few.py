"""Rows that others name: fetched by their keys, or looked up while a list is walked.

A list that is shown page by page goes along the index of its order, and ends with the
page. That is the way where many of its rows are wanted; where few are, it would go
through all of them before it finds a page, and these are fetched and sorted instead.
Neither database knows which of the two it is, so a few keys are read before.
"""

from django.db.models import Exists, OuterRef

from .batches import Among

FEW = 2_000  # rows: they are fetched and sorted in some milliseconds


def few(keys):
    """The keys of a query, in no order, if they are few; else None."""
    found = list(keys[: FEW + 1])
    return set(found) if len(found) <= FEW else None


def named_in(rows, naming, column, excluded=False, named="pk"):
    """Those of the rows that this column of a query of others names, or all others.

    What is ``named`` is the row itself, or what one of its relations leads to.
    """
    if excluded:
        return rows.filter(~_names_it(naming, column, named))
    keys = few(naming.order_by().values_list(column, flat=True))
    if keys is None:
        return rows.filter(_names_it(naming, column, named))
    return rows.filter(**{f"{named}__in": Among(keys)}) if keys else rows.none()


def _names_it(naming, column, named):
    return Exists(naming.order_by().filter(**{column: OuterRef(named)}))
