"""The base of every table: one row of CSV is one row of a model."""

from itertools import chain

from django.db.models import F
from django.utils.translation import gettext as _

from ..db.batches import batches
from ..evidence.visibility import public_rows
from ..models import Record
from ..values.suggestions import close_to
from .cells import Cell
from .columns import place_of
from .derived import derived_columns, general_knowledge, has_grounds
from .export_queries import Extract, csv_blocks
from .import_export_compat import FramedResource
from .kinds import record_columns, resource_of
from .part_of_sheet import OfColumns
from .reading import TableReading

OTHER_DELIMITERS = ("|", ":", "^", "~")
FOR_CURATORS = ("status", "private_note", "quotation", "checked_against")


@resource_of.register(Record)
class TableResource(FramedResource):
    """One table: a row of the file is a row of the model, known by its key.

    What becomes of a file that is read into it is the matter of its ``reading``.
    """

    for_curators = False  # as a whole, also where it says nothing of a draft
    # Columns of the key that a file may lack: nothing stands in them then.
    may_lack: tuple[str, ...] = ()
    # Columns that it has according to what is recorded: name, what they hold, meaning.
    varying: tuple[tuple[str, str, str], ...] = ()

    class Meta:
        import_id_fields = ("slug",)

    @classmethod
    def members_for(cls, kind):
        """What makes it the table of this kind."""
        meta = {"model": kind, "fields": record_columns(kind)}
        return {"__doc__": f"{kind.plural()}.", "Meta": type("Meta", (), meta)}

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return Cell(django_field)

    @classmethod
    def declared(cls):
        """The table with the columns that it has whatever is recorded."""
        return cls()

    def parts(self):
        """The tables that it is made of, by the word for the kind of their rows."""
        return {"": self}

    # reading

    def reading(self, sheet, job, outcome):
        """This table while a sheet is read into it, as part of an import."""
        return TableReading(self, sheet, job, outcome)

    def header_faults(self, headers):
        """What is wrong with the names of the columns, a sentence each."""
        known = list(self.fields)
        if said := _other_delimiter(headers, known):
            return [said]
        columns = ", ".join(self.column_names())
        derived = derived_columns(self._meta.model)
        faults = [
            _("unknown column “%(name)s”%(close)s")
            % {
                "name": name[:100],
                "close": close_to(name, known)
                or _("; leave it out: the columns are %s.") % columns,
            }
            for name in headers
            if name not in known and name not in derived
        ]
        faults += [
            _("the column “%s” is required; it identifies the rows.") % name
            for name in self.key_columns()
            if name not in headers and name not in self.may_lack
        ]
        return faults

    def of_known_columns(self, sheet):
        """The same sheet without columns that are not ours; None if a key is missing
        then, or it is parted otherwise.
        """
        known = [name for name in sheet.headers if name in self.fields]
        needed = set(self.key_columns()) - set(self.may_lack)
        if not known or not needed <= set(known):
            return None
        return OfColumns(sheet, known)

    def key_columns(self):
        """The columns that tell its rows from each other."""
        return self.get_import_id_fields()

    def base_rows(self):
        """The rows that a line of the table can be about."""
        return self._meta.model._default_manager.all()

    def recorded(self, columns, anchor):
        """What reads rows on record, as their keys in the database and their texts.

        It is a function of the values that they may have in the column ``anchor``.
        """
        columns = [self.fields[name].column() for name in columns]
        along = self.fields[anchor].django_field
        extract = Extract(self.base_rows(), columns, (), None, along.attname)
        read = extract.reader(F("pk"), *(column.text for column in columns))

        def found(values):
            for batch in batches(values):
                for key, *texts in read(batch):
                    yield key, tuple(texts)

        return found

    # writing

    def exported(self):
        """The rows that are in the table."""
        return self.base_rows().order_by()

    def published(self):
        """Those of them that the public may see."""
        if issubclass(self._meta.model, Record):
            return self.exported().published()
        key = (self._meta.model._meta.get_field(name) for name in self.key_columns())
        return public_rows(
            self.exported(), [field.name for field in key if field.is_relation]
        )

    def owners(self):
        """The records that the rows belong to; None if they are records themselves."""
        first = self._meta.model._meta.get_field(self.key_columns()[0])
        return first.related_model._default_manager.all() if first.is_relation else None

    def column_names(self, public=False):
        """The names of the columns; what is for curators only is not public."""
        hidden = FOR_CURATORS if public else ()
        return [name for name in self.get_export_order() if name not in hidden]

    def columns(self, public=False):
        """The columns of the table, as the database writes them.

        The public is told besides which dates no source states.
        """
        names, model = self.column_names(public), self._meta.model
        columns = (self.fields[name].column(public) for name in names)
        told = [general_knowledge(model)] if public and has_grounds(model) else []
        return (*columns, *told)

    def extracts(self, among=None, public=False):
        """The table as it is read out of the database, in the order of its key.

        ``among`` is a query for the rows to write, or for the records whose rows they
        are; without it, all are. ``public``, only what the public may see.
        """
        key = [self._meta.model._meta.get_field(name) for name in self.key_columns()]
        order = tuple(place_of(field) for field in key)
        rows = self.published() if public else self.exported()
        columns, owners = self.columns(public), self.owners()
        if among is not None and among.model is self._meta.model:
            rows, owners = among.order_by(), None
        elif among is not None:
            owners = among
        if owners is None:
            return [Extract(rows, columns, order, rows.order_by(*order))]
        # Whose rows are written goes first: to sort them all would take memory for all.
        walk = owners.order_by(place_of(owners.model._meta.get_field("slug")))
        return [Extract(rows, columns, order, walk, along=key[0].name)]

    def text_rows(self, rows=None):
        """The rows, or these of them, as a text for each column; in no order."""
        for extract in self.extracts(rows):
            yield from extract.texts()

    def rows(self, among=None):
        """All rows as cells of text, by their key: the same on every database."""
        chunks = (extract.chunks_of_texts() for extract in self.extracts(among))
        return [row for chunk in chain.from_iterable(chunks) for row in chunk]

    def csv(self, among=None):
        """The file of the table as a stream of bytes."""
        return (block for block, _rows in csv_blocks(self.extracts(among)))


def _other_delimiter(headers, known):
    """The sentence that cells are parted by a mark that parts none here; or ""."""
    for mark in OTHER_DELIMITERS if len(headers) == 1 else ():
        names = [name.strip() for name in headers[0].split(mark)]
        if len(names) > 1 and any(name in known for name in names):
            said = _(
                "the delimiter is “%s”; save it with commas, semicolons or "
                "tabs as delimiter."
            )
            return said % mark
    return ""
