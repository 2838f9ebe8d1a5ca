"""The base of every table: one row of CSV is one row of a model."""

from django.utils.translation import gettext as _
from import_export import resources

from ..batches import batches
from ..slugs import close_to
from .cells import Cell
from .reading import TableReading

OTHER_DELIMITERS = ("|", ":", "^", "~")
RECORD_HEAD, RECORD_TAIL = ("slug", "status"), ("public_note", "private_note")


def record_columns(model):
    """The columns of a table of records: its own within those of every one."""
    return (*RECORD_HEAD, *model.columns, *RECORD_TAIL)


class TableResource(resources.ModelResource):
    """One table: a row of the file is a row of the model, known by its key.

    It is read column by column, some thousand rows at a time: see ``importing``.
    """

    class Meta:
        import_id_fields = ("slug",)

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return Cell(django_field)

    # reading

    def reading(self, sheet, job):
        """This table while a sheet is read into it, as part of an import."""
        return TableReading(self, sheet, job)

    def header_faults(self, headers):
        """What is wrong with the names of the columns, a sentence each."""
        known = list(self.fields)
        if said := _other_delimiter(headers, known):
            return [said]
        columns = ", ".join(self.get_export_headers())
        faults = [
            _("unknown column “%(name)s”%(close)s")
            % {
                "name": name[:100],
                "close": close_to(name, known)
                or _("; leave it out: the columns are %s.") % columns,
            }
            for name in headers
            if name not in known
        ]
        faults += [
            _("the column “%s” is needed; rows are known by it.") % name
            for name in self.key_columns()
            if name not in headers
        ]
        return faults

    def key_columns(self):
        """The columns that tell its rows from each other."""
        return self.get_import_id_fields()

    def base_rows(self):
        """All rows of the table."""
        return self._meta.model._default_manager.all()

    def recorded(self, columns, anchor, wanted):
        """Rows on record, as their key in the database and the texts of their cells.

        ``wanted`` are values of the column ``anchor``.
        """
        cells = [self.fields[name] for name in columns]
        paths = ["pk" if cell.is_list else cell.path() for cell in cells]
        column = self.fields[anchor].django_field.attname
        for values in batches(wanted):
            rows = self.base_rows().filter(**{f"{column}__in": values}).order_by()
            rows = list(rows.values_list("pk", *paths))
            keys, *stored = zip(*rows, strict=True) if rows else [()]
            texts = [
                cell.texts_of_lists(found) if cell.is_list else cell.texts(found)
                for cell, found in zip(cells, stored, strict=False)
            ]
            yield from zip(keys, zip(*texts, strict=True), strict=True)

    # writing

    def get_queryset(self):
        related = [
            name
            for name, field in self.fields.items()
            if field.django_field.many_to_one
        ]
        lists = [name for name, field in self.fields.items() if field.is_list]
        return self.base_rows().select_related(*related).prefetch_related(*lists)

    def filter_export(self, queryset, **kwargs):
        """The rows to export; given records that own such rows, the rows of these."""
        if queryset.model is self._meta.model:
            return queryset
        owner = self._meta.model.owner
        return self.get_queryset().filter(**{f"{owner}__in": queryset})

    def rows(self, queryset=None):
        """All rows as cells of text, by their key: the same on every database."""
        dataset = self.export(queryset)
        key = [dataset.headers.index(name) for name in self.key_columns()]
        return sorted(
            dataset, key=lambda row: [_in_order(row[column]) for column in key]
        )


def _other_delimiter(headers, known):
    """The sentence that cells are parted by a mark that parts none here; or ""."""
    for mark in OTHER_DELIMITERS if len(headers) == 1 else ():
        names = [name.strip() for name in headers[0].split(mark)]
        if len(names) > 1 and any(name in known for name in names):
            said = _(
                "“%s” stands between the cells; save it with commas, semicolons or "
                "tabs between them."
            )
            return said % mark
    return ""


def _in_order(cell):
    """Numbers by size, other texts by code point."""
    return (0, int(cell), "") if cell.isascii() and cell.isdigit() else (1, 0, cell)
