"""Citations as CSV: those of every kind of record in one table."""

from dataclasses import replace

from django.db import models
from django.db.models import F
from django.db.models.lookups import Exact
from import_export import fields

from ..evidence.visibility import public_citations_of
from ..models import Citation
from ..registry.kinds import citations_of, cited_types
from .cells import Cell, SlugWidget
from .columns import recorded, word_column
from .kinds import resource_of
from .mixed_kinds import MixedReading
from .table import TableResource


class CitationRows(TableResource):
    """The citations of one kind of record, without the word for the kind."""

    KEY = ("record", "field", "source", "locator")
    COLUMNS = (
        *KEY,
        "stated",
        "as_of",
        "assessment",
        "note",
        "note_es",
        "quotation",
        "checked_against",
    )


class CheckedCell(Cell):
    """What a citation was checked against; empty if that is what is recorded now."""

    def __init__(self, django_field, record_model):
        self.record_model = record_model
        super().__init__(django_field)

    def column(self, public=False):
        model = self.django_field.model
        now = recorded(model, self.record_model, public)
        return replace(
            super().column(public), empty_when=Exact(F(self.column_name), now)
        )


def citation_rows(record_model):
    """The resource of the citations of one kind of record."""
    citation_model = record_model.citation_model()
    record_field = citation_model._meta.get_field("record")

    class Rows(CitationRows):
        record = Cell(record_field, SlugWidget(record_model))
        checked_against = CheckedCell(
            citation_model._meta.get_field("checked_against"), record_model
        )

        class Meta:
            model = citation_model
            fields = CitationRows.COLUMNS
            import_id_fields = CitationRows.KEY

        def base_rows(self):
            # All kinds of event have their citations in one table.
            return citations_of(record_model)

        def published(self):
            return public_citations_of(record_model).order_by()

        def owners(self):
            return record_model._default_manager.all()

    return Rows


class CitationTable(TableResource):
    """The citations of several kinds of record; ``type`` says of which kind."""

    record_models: tuple[type[models.Model], ...] = ()
    rows_class: type[TableResource] = CitationRows
    rows_of = staticmethod(citation_rows)

    type = fields.Field(column_name="type")

    def __init__(self):
        super().__init__()
        self._parts = {
            model.type_name(): self.rows_of(model)() for model in self.record_models
        }
        for name in self.rows_class.COLUMNS:
            self.fields[name] = fields.Field(column_name=name)

    def parts(self):
        return self._parts

    def key_columns(self):
        return ("type", *self.rows_class.KEY)

    def reading(self, sheet, job, outcome):
        return MixedReading(self, sheet, job, outcome)

    def extracts(self, among=None, public=False):
        return [
            extract.under(word_column("type", word))
            for word, rows in sorted(self._parts.items())
            for extract in rows.extracts(among, public)
        ]


def citation_table(*models_cited):
    """The resource of the citations of these kinds of record."""
    names = "".join(model.__name__ for model in models_cited)
    members = {"record_models": models_cited}
    return type(f"{names}CitationTable", (CitationTable,), members)


@resource_of.register(Citation)
class AllCitations(CitationTable):
    """A citation: a source, a place in it, and the record or field that it is about."""

    @property
    def record_models(self):
        return tuple(cited_types().values())
