"""What history says the tables hold, and what they do hold."""

from django.apps import apps

from provenance.models import ChangeSet
from provenance.tracking.tracked import Tracked


def tracked_tables():
    """Every table whose rows have a history of their own."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Tracked) and hasattr(model, "history")
    ]


def tables():
    """The rows of each table, by key."""
    return {
        model: {
            row.pk: {name: str(getattr(row, name)) for name in _columns(model)}
            for row in model._base_manager.all()
        }
        for model in tracked_tables()
    }


def replayed():
    """The rows that come of writing history once more, row by row, in its order."""
    return {model: _replayed(model) for model in tracked_tables()}


def _replayed(model):
    rows, key = {}, model._meta.pk.attname
    for row in model.history.order_by("history_id"):
        written = {name: str(getattr(row, name)) for name in _columns(model)}
        known = getattr(row, key) in rows
        assert known == (row.history_type != "+"), f"{row} does not follow"
        if row.history_type == "-":
            del rows[getattr(row, key)]
        else:
            rows[getattr(row, key)] = written
    return rows


def _columns(model):
    return [field.attname for field in model._meta.concrete_fields]


def change_numbers():
    """The numbers of all changes, in the order of their moments."""
    return list(ChangeSet.objects.order_by("at").values_list("number", flat=True))
