"""Rows that belong to a record by way of another row, which is a part of it."""

from django.db import models

from ..db.batches import filtered
from .dependent_columns import Follower


class OwnerThrough(Follower, models.ForeignKey):
    """The record that a row is a part of, which is that of the row it belongs to.

    ``through`` is the column that leads to the latter. So it has its history, its
    versions and its visibility with the record, as any other part.
    """

    def __init__(self, *args, through="", **kwargs):
        self.through = through
        super().__init__(*args, **{"editable": False, "blank": True, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "through": self.through}

    def read_columns(self, model):
        return (model._meta.get_field(self.through).attname,)

    def derive_column(self, model, columns, before=None):
        link = model._meta.get_field(self.through)
        rows, keys = link.related_model, columns[link.attname]
        owner = rows._meta.get_field(rows.owner).attname
        known = rows._base_manager.order_by().values_list("pk", owner)
        found = dict(filtered(known, pk=set(keys)))
        return [found.get(key) for key in keys]


def rows_within(model):
    """The relations by which rows belong to rows of this model."""
    return [
        relation.field
        for relation in model._meta.related_objects
        for column in relation.related_model._meta.concrete_fields
        if isinstance(column, OwnerThrough) and column.through == relation.field.name
    ]
