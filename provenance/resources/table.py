"""The base of every table: one row of CSV is one row of a model."""

from itertools import chain

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from import_export import resources
from import_export.results import Error, InvalidRow, Result

from ..changes import ChangeSet, changing, close, open_change
from ..lists import replace_list
from ..models import Record
from ..permissions import may
from ..slugs import close_to
from ..visibility import public_rows
from .cells import Cell, UnknownSlug
from .columns import place_of
from .extracts import Extract, csv_blocks
from .lookalikes import Lookalikes
from .order import in_order, twins

FOR_CURATORS = ("status", "private_note", "quotation", "checked_against")
RECORD_HEAD, RECORD_TAIL = ("slug", "status"), ("public_note", "private_note")


def record_columns(model):
    """The columns of a table of records: its own within those of every one."""
    return (*RECORD_HEAD, *model.columns, *RECORD_TAIL)


class TableResource(resources.ModelResource):
    """One table: a row of the file is a row of the model, known by its key.

    An import is all or nothing: with one wrong row nothing is written, and the result
    lists every wrong row. Each write leaves a row of history with the reason for it.
    """

    for_curators = False  # as a whole, also where it says nothing of a draft
    reason = ""
    refused: dict[int, str] = {}  # numbers of rows, and why they are not even read
    # The rows that wrote a record or a part of it, by its model and key.
    written: dict[tuple, int] = {}
    lookalikes: Lookalikes | None = None  # while a table of records is read

    class Meta:
        import_id_fields = ("slug",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    @classmethod
    def field_from_django_field(cls, field_name, django_field, readonly):
        return Cell(django_field)

    # reading

    def import_data(
        self,
        dataset,
        dry_run=False,
        raise_errors=False,
        within_a_whole=False,
        **kwargs,
    ):
        """Reads a table; ``within_a_whole`` leaves undoing it to the caller."""
        brought = set(dataset["slug"]) if "slug" in (dataset.headers or ()) else set()
        faults = self.header_faults(dataset.headers or [])
        if faults:
            result = Result()
            result.diff_headers = self.get_diff_headers()
            for fault in faults:
                result.append_base_error(Error(ValueError(fault)))
            result.model, result.brought, result.lines = self._meta.model, brought, []
            result.warnings = []
            return result
        self.reason = f"import of {kwargs.get('file_name') or 'a table'}"
        kwargs["use_transactions"] = True
        kwargs["within_a_whole"] = within_a_whole
        kwargs["rollback_on_validation_errors"] = not within_a_whole
        inward = self.inward_columns()
        ordered, circles = in_order(dataset, inward)
        self.written = {}
        self.refused = {**twins(ordered, self.key_columns()), **circles}
        for name in inward:
            self.fields[name].widget.beside = brought
        self.lookalikes = Lookalikes(self._meta.model)
        with changing(ChangeSet.Path.IMPORT, reason=self.reason) as change:
            before = change.noted()
            result = super().import_data(ordered, dry_run, raise_errors, **kwargs)
            if dry_run or result.has_errors() or result.has_validation_errors():
                change.forget_since(before)
        result.model, result.brought = self._meta.model, brought
        result.lines = self.lines = ordered.lines
        result.warnings = self.lookalikes.warnings(ordered.lines)
        return result

    def header_faults(self, headers):
        """What is wrong with the names of the columns, a sentence each."""
        known = list(self.fields)
        faults = [
            _("unknown column “%(name)s”%(close)s")
            % {"name": name, "close": close_to(name, known)}
            for name in headers
            if name not in known
        ]
        faults += [
            _("the column “%s” is needed; rows are known by it.") % name
            for name in self.get_import_id_fields()
            if name not in headers
        ]
        return faults

    def inward_columns(self):
        """The columns that refer to rows of the same table."""
        return [
            name
            for name, field in self.fields.items()
            if field.django_field.is_relation
            and field.django_field.related_model is self._meta.model
        ]

    def key_columns(self):
        return self.get_import_id_fields()

    def before_import_row(self, row, row_number=None, **kwargs):
        if row_number in self.refused:
            raise ValidationError(self.refused[row_number])

    def get_instance(self, instance_loader, row):
        key = {}
        for name in self.get_import_id_fields():
            field = self.fields[name]
            try:
                value = field.clean(row)
            except ValueError:
                return None  # import_instance() says what is wrong
            key[
                field.attribute if value is not None else f"{field.attribute}__isnull"
            ] = True if value is None else value
        return self.get_queryset().filter(**key).first()

    def import_instance(self, instance, row, **kwargs):
        errors = {}
        for field in self.get_import_fields():
            if field.column_name not in row:
                continue
            try:
                if field.is_list:
                    field.clean(row)
                else:
                    field.save(instance, row)
            except UnknownSlug as error:
                errors[field.attribute] = ValidationError(
                    str(error),
                    code="unknown",
                    params={"of": error.model, "slug": error.slug},
                )
            except ValueError as error:
                errors[field.attribute] = ValidationError(str(error), code="invalid")
        if errors:
            raise ValidationError(errors)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if import_validation_errors or original.pk is None:
            return False
        return all(
            field.widget.render(field.clean(row)) == field.export(original)
            if field.is_list
            else field.export(instance) == field.export(original)
            for field in self.get_import_fields()
            if field.column_name in row
        )

    def before_save_instance(self, instance, row, user=None, row_number=None, **kwargs):
        verb = "add" if instance._state.adding else "change"
        if user is not None and not may(user, verb, type(instance)):
            message = (
                _("you may not add %(kind)s.")
                if verb == "add"
                else _("you may not change %(kind)s.")
            )
            raise ValidationError(
                message % {"kind": instance._meta.verbose_name_plural}
            )
        instance._change_reason = self.reason
        if self.lookalikes and instance._state.adding:
            self.lookalikes.look_at(instance, row_number)

    def after_save_instance(self, instance, row, row_number=None, **kwargs):
        part = instance.owner and instance._meta.get_field(instance.owner)
        model = part.related_model if part else type(instance)
        key = getattr(instance, part.attname) if part else instance.pk
        self.written.setdefault((model, key), row_number)

    def save_m2m(self, instance, row, **kwargs):
        for field in self.get_import_fields():
            if field.is_list and field.column_name in row:
                replace_list(
                    instance, field.django_field, field.clean(row), self.reason
                )

    def after_import(self, dataset, result, within_a_whole=False, **kwargs):
        """Looks at the change as a whole, also in a preview, which is undone.

        Nothing else: keys are never imported, so no sequence has to be set.
        """
        if within_a_whole or result.has_errors() or result.has_validation_errors():
            return
        try:
            close(open_change())
        except ValidationError as error:
            for reason in error.error_list:
                number = self.row_of(getattr(reason, "record", None))
                row = dataset[number - 1] if number else ()
                result.invalid_rows.append(InvalidRow(number, reason, row))

    def row_of(self, record):
        """The number of the row that wrote a record; 0 if none did."""
        if record is None:
            return 0
        models = [type(record), *type(record)._meta.all_parents]
        numbers = (self.written.get((model, record.pk)) for model in models)
        return next((number for number in numbers if number), 0)

    def _check_import_id_fields(self, headers):
        """Nothing: header_faults() has said it, with the name of the column."""

    def get_queryset(self):
        related = [
            name
            for name, field in self.fields.items()
            if field.django_field.many_to_one
        ]
        lists = [name for name, field in self.fields.items() if field.is_list]
        return super().get_queryset().select_related(*related).prefetch_related(*lists)

    # writing

    def exported(self):
        """The rows that are in the table."""
        return self._meta.model._default_manager.order_by()

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
        """The columns of the table, as the database writes them."""
        names = self.column_names(public)
        return tuple(self.fields[name].column(public) for name in names)

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

    def rows(self):
        """All rows as cells of text, by their key: the same on every database."""
        chunks = (e.chunks_of_texts() for e in self.extracts())
        return [row for chunk in chain.from_iterable(chunks) for row in chunk]

    def csv(self, among=None):
        """The file of the table as a stream of bytes."""
        return (block for block, _rows in csv_blocks(self.extracts(among)))
