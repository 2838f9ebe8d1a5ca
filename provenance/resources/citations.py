"""Citations as CSV: those of every kind of record in one table."""

from dataclasses import replace

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import F
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _
from import_export import fields

from ..visibility import public_citations_of
from .cells import Cell, SlugWidget
from .columns import recorded, word_column
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

    def get_value(self, citation):
        checked = super().get_value(citation)
        return "" if checked and checked == citation.recorded else checked


def citation_rows(record_model):
    """The resource of the citations of one kind of record."""
    citation_model = record_model.citation_model()
    record_field = citation_model._meta.get_field("record")

    def of_kind(citations):
        """Those for this kind: all kinds of event have theirs in one table."""
        if record_field.related_model is record_model:
            return citations
        return citations.filter(record__type=record_model.type_name())

    class Rows(CitationRows):
        record = Cell(record_field, SlugWidget(record_model))
        checked_against = CheckedCell(
            citation_model._meta.get_field("checked_against"), record_model
        )

        class Meta:
            model = citation_model
            fields = CitationRows.COLUMNS
            import_id_fields = CitationRows.KEY

        def get_queryset(self):
            lists = (f"record__{name}" for name in record_field.related_model.lists)
            return of_kind(super().get_queryset().prefetch_related(*lists))

        def exported(self):
            return of_kind(super().exported())

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

    class Meta:
        using_db = DEFAULT_DB_ALIAS

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.by_type = {
            model.type_name(): self.rows_of(model)() for model in self.record_models
        }
        for name in self.rows_class.COLUMNS:
            self.fields[name] = fields.Field(column_name=name)

    def get_import_id_fields(self):
        return ("type", *self.rows_class.KEY)

    def inward_columns(self):
        return []

    def get_diff_headers(self):
        return list(self.rows_class.COLUMNS)

    def import_row(self, row, instance_loader, **kwargs):
        result = self.get_row_result_class()()
        try:
            self.before_import_row(row, **kwargs)
            rows = self.by_type.get(row["type"])
            if rows is None:
                known = ", ".join(self.by_type)
                message = _("“%(type)s” is none of the types: %(known)s.")
                raise ValidationError(
                    {"type": message % {"type": row["type"], "known": known}}
                )
        except ValidationError as error:
            result.import_type = result.IMPORT_TYPE_INVALID
            result.validation_error = error
            return result
        rows.reason, rows.written = self.reason, self.written
        cells = {name: cell for name, cell in row.items() if name != "type"}
        return rows.import_row(cells, instance_loader, **kwargs)

    def column_names(self, public=False):
        rows = next(iter(self.by_type.values()))
        return ["type", *rows.column_names(public)]

    def extracts(self, among=None, public=False):
        return [
            extract.under(word_column("type", word))
            for word, rows in sorted(self.by_type.items())
            for extract in rows.extracts(among, public)
        ]


def citation_table(*models_cited):
    """The resource of the citations of these kinds of record."""
    names = "".join(model.__name__ for model in models_cited)
    return type(
        f"{names}CitationTable", (CitationTable,), {"record_models": models_cited}
    )
