"""Checks that the history, replayed, gives every table as it is."""

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..values.bounds import BoundedTextField
from .base import Rule, as_text, record_of, shown, tracked_tables


class UnkeptHistory(Rule):
    """Rows that differ from the latest row of their history, or have none."""

    name = "history"
    meaning = gettext_lazy("rows that differ from their history, or have none")

    def broken(self):
        for model in tracked_tables():
            yield from self._of(model)

    def _of(self, model):
        """Two differences of sets find the rows; only these are compared by column."""
        past = model.history.model._base_manager.order_by()
        key = model._meta.pk.attname
        latest = past.values(key).annotate(last=Max("history_id")).values("last")
        kept = past.filter(history_id__in=latest).exclude(history_type="-")
        now, then = _columns(model, model._base_manager), _columns(model, kept)
        here = {row[0]: row for row in now.difference(then)}
        there = {row[0]: row for row in then.difference(now)}
        names = [field.name for field in _fields(model)]
        known = self._records(model) if here or there else {}
        link = model.owner and model._meta.get_field(model.owner).remote_field
        prefix = f"{link.related_name}." if link else ""
        for pk in here.keys() | there.keys():
            values = dict(zip(names, here.get(pk) or there[pk], strict=True))
            kind, slug = known.get(values.get(model.owner), ("", ""))
            if not model.owner:
                kind = values.get("type") or model.type_name()
                slug = values.get("slug") or values["one"]
            place = (kind or record_of(model).type_name(), slug)
            for name, message in _faults(names, here.get(pk), there.get(pk)):
                yield *place, (prefix + name).rstrip("."), message

    def _records(self, model):
        """Type and slug of the records that the rows of a table may belong to."""
        if not model.owner:
            return {}
        records = record_of(model)
        types = {field.name for field in records._meta.concrete_fields} & {"type"}
        rows = records._base_manager.order_by().values_list("pk", "slug", *types)
        return {
            pk: (kind[0] if kind else records.type_name(), slug)
            for pk, slug, *kind in rows
        }


def _fields(model):
    """Its columns, the key first."""
    key = model._meta.pk
    return [key, *(field for field in model._meta.concrete_fields if field != key)]


def _columns(model, rows):
    """The rows of a table, or of its history, in the same columns."""
    texts = {
        field.name: as_text(field.name)
        for field in _fields(model)
        if isinstance(field, BoundedTextField)  # which could not be read if damaged
    }
    return (
        rows.order_by()
        .annotate(**{f"{name}_held": text for name, text in texts.items()})
        .values_list(
            *(
                f"{field.name}_held" if field.name in texts else field.attname
                for field in _fields(model)
            )
        )
    )


def _faults(names, here, there):
    row = names[0], (here or there)[0]
    if here is None:
        yield (
            "",
            _(
                "Row %s is gone, and its history does not know of it; take the last "
                "row of history back, or delete it again by way of the record."
            )
            % row[1],
        )
    elif there is None:
        yield (
            "",
            _(
                "Row %s has no history, or one that says it was deleted; save it again "
                "so that it has."
            )
            % row[1],
        )
    else:
        for name, now, then in zip(names, here, there, strict=True):
            if now != then:
                yield (
                    name,
                    _(
                        "Row %(row)s holds “%(now)s”, and the latest row of its "
                        "history “%(then)s”; take that back, or save the row again."
                    )
                    % {"row": row[1], "now": shown(now), "then": shown(then)},
                )
