"""Citations as CSV: those of every kind of record in one table."""

import tablib
from django.db import DEFAULT_DB_ALIAS, models
from import_export import fields

from ..batches import batches
from ..kinds import citations_of
from .cells import Cell, SlugWidget
from .mixed import MixedReading
from .table import TableResource


class CheckedRows(TableResource):
    """Rows that say what they were checked against, where that is not recorded now."""

    def recorded(self, columns, anchor, wanted):
        found = super().recorded(columns, anchor, wanted)
        if "checked_against" not in columns:
            return found
        return self._less_what_is_recorded(columns, list(found))

    def _less_what_is_recorded(self, columns, rows):
        """The same, but what a row was checked against only if it differs from now."""
        place = columns.index("checked_against")
        checked = [key for key, texts in rows if texts[place]]
        texts_now = {}
        for keys in batches(checked):
            for row in self.get_queryset().filter(pk__in=keys):
                texts_now[row.pk] = self.fields["checked_against"].get_value(row)
        return [
            (key, (*texts[:place], texts_now.get(key, ""), *texts[place + 1 :]))
            for key, texts in rows
        ]


class CitationRows(CheckedRows):
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

    def get_value(self, citation):
        checked = super().get_value(citation)
        return "" if checked and checked == citation.recorded else checked


def citation_rows(record_model):
    """The resource of the citations of one kind of record."""
    citation_model = record_model.citation_model()
    record_field = citation_model._meta.get_field("record")

    class Rows(CitationRows):
        record = Cell(record_field, SlugWidget(record_model))
        checked_against = CheckedCell(citation_model._meta.get_field("checked_against"))

        class Meta:
            model = citation_model
            fields = CitationRows.COLUMNS
            import_id_fields = CitationRows.KEY

        def base_rows(self):
            # All kinds of event have their citations in one table.
            return citations_of(record_model)

        def get_queryset(self):
            lists = (f"record__{name}" for name in record_field.related_model.lists)
            return super().get_queryset().prefetch_related(*lists)

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

    def reading(self, sheet, job):
        return MixedReading(self, sheet, job)

    def export(self, queryset=None, export_fields=None, **kwargs):
        columns = [
            name for name in self.fields if not export_fields or name in export_fields
        ]
        dataset = tablib.Dataset(headers=columns)
        for word, rows in self.by_type.items():
            for row in rows.export(queryset).dict:
                dataset.append([{"type": word, **row}[name] for name in columns])
        return dataset


def citation_table(*models_cited):
    """The resource of the citations of these kinds of record."""
    names = "".join(model.__name__ for model in models_cited)
    return type(
        f"{names}CitationTable", (CitationTable,), {"record_models": models_cited}
    )
