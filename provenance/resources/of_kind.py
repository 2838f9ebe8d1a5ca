"""The tables with all that is recorded of one kind of record."""

from ..models import Record
from ..registry.kinds import cited_types, rows_of
from .cells import Cell, SlugWidget
from .citations import citation_table
from .kinds import resource_of


class OfOneKind:
    """Of rows that belong to several kinds of record, those that belong to one."""

    kind: type[Record]

    def base_rows(self):
        records = self.kind._default_manager.values("pk")
        return super().base_rows().filter(**{f"{self._meta.model.owner}__in": records})

    def owners(self):
        return self.kind._default_manager.all()


def of_kind(rows, kind):
    """The table of some rows, narrowed to those that belong to one kind of record."""
    owner = rows._meta.model._meta.get_field(rows._meta.model.owner)
    if owner.related_model is kind:
        return rows
    members = {"kind": kind, owner.name: Cell(owner, SlugWidget(kind))}
    return type(f"{kind.__name__}{rows.__name__}", (OfOneKind, rows), members)


def tables_of(kind):
    """The table of a kind of record, those of what belongs to it, and its citations."""
    parts = [rows for model in kind.__mro__ for rows in rows_of(model)]
    citations = [citation_table(kind)] if kind in cited_types().values() else []
    rows = [of_kind(resource_of(each), kind) for each in parts]
    return [resource_of(kind), *rows, *citations]
