"""Settlements of disputes as CSV: why records of one thing contradict each other.

What a source says otherwise is settled at its citation, and stands with it.
"""

from dataclasses import replace

from django.db.models import F
from django.db.models.lookups import Exact

from ..evidence.visibility import disputes_seen
from ..models import Dispute
from ..registry.kinds import compared_types
from .cells import Cell, SlugWidget
from .citations import CitationTable
from .kinds import resource_of
from .table import TableResource


class SettlementRows(TableResource):
    """The settled disputes of one kind of record, without the word for the kind."""

    KEY = ("record", "kind")
    COLUMNS = (*KEY, "assessment", "note", "note_es", "checked_against")


class SettledCell(Cell):
    """What a dispute was settled against; empty if that is what others say now."""

    def column(self, public=False):
        now = Exact(F(self.column_name), F("against"))
        return replace(super().column(public), empty_when=now)


def settlement_rows(record_model):
    """The resource of the settlements of disputes about one kind of record."""
    dispute_model = record_model.dispute_model()
    columns = dispute_model._meta

    class Rows(SettlementRows):
        record = Cell(columns.get_field("record"), SlugWidget(record_model))
        checked_against = SettledCell(columns.get_field("checked_against"))

        class Meta:
            model = dispute_model
            fields = SettlementRows.COLUMNS
            import_id_fields = SettlementRows.KEY

        def base_rows(self):
            return super().base_rows().filter(field="")

        def exported(self):
            return super().exported().exclude(assessment="")

        def published(self):
            seen = disputes_seen(record_model, everything=False)
            return seen.filter(field="").exclude(assessment="").order_by()

        def owners(self):
            return record_model._default_manager.all()

    return Rows


class SettlementTable(CitationTable):
    """The settlements of disputes about several kinds of record."""

    rows_class = SettlementRows
    rows_of = staticmethod(settlement_rows)


@resource_of.register(Dispute)
class AllSettlements(SettlementTable):
    """Why records of one thing contradict each other: what settles a dispute."""

    @property
    def record_models(self):
        return tuple(compared_types().values())
