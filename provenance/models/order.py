"""The orders in which records are listed, and the indexes along which that goes."""

from django.db import models
from django.db.models import F

from ..values.lengths import LengthClass

# How what has a name is listed, and what has a date.
BY_NAME = "sort_key"
BY_DATE = ("status", "start_earliest", "id")


def in_order(*names):
    """The indexes of lists of such records, by these columns, by slug and last write.

    The public lists go through what is published, those of curators through all.
    """
    by_names = [
        models.Index(fields=["status", *names, "id"]),
        models.Index(fields=[*names, "slug"]),
    ]
    return [
        models.Index(fields=["status", "slug"]),
        models.Index(fields=["status", "updated_at", "id"]),
        *(by_names if names else ()),
    ]


def by_length(name, among=BY_DATE[0]):
    """The index of what has a date, by which what held on a day is found: in one
    status, or among those that have another column in common.
    """
    length = LengthClass("start_earliest", "end_latest")
    _status, start, key = BY_DATE
    return models.Index(F(among), length, F(start), F(key), name=f"{name}_by_length")


def where_named(kind, *names):
    """Indexes of the rows that name another record, in these columns of a kind.

    Most rows name none. SQLite takes an index that has these as well for one that tells
    little, and would rather read a whole table.
    """
    return [
        models.Index(
            fields=[name],
            condition=models.Q(**{f"{name}__isnull": False}),
            name=f"{kind}_{name}_named",
        )
        for name in names
    ]
