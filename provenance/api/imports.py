"""The import of a table over the API: by the one way in, with the rights of a user."""

import logging

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from ..imports.permissions import may_import, may_see
from ..imports.set_aside import rows_set_aside
from ..models import Citation, Source
from ..resources.importing import Attribution, import_tables, tables
from ..resources.outcome import WRITING, How, Kind
from ..tables import UPLOAD, Dialect, TableError, lines_of, open_sheet
from ..values.suggestions import close_to
from .filters import SlugField, WordField, faults_in
from .parsing import TABLES
from .problems import (
    MAX_ERRORS,
    NOT_ALLOWED,
    Refused,
    fault_in_file,
    parameter_error,
)
from .views import ApiView
from .writes import MET

logger = logging.getLogger(__name__)

MAX_WARNINGS = 100
OF_A_SOURCE = ("locator", "as_of")  # what is asked of it


# What is asked


class TableField(forms.Field):
    """The name of one of the tables."""

    def clean(self, value):
        names = list(tables())
        if not value:
            message = _("Name the table that the file goes into: %s.")
            raise ValidationError(message % ", ".join(names), code="required")
        if value not in names:
            message = _("There is no table “%(name)s”%(close)s") % {
                "name": value[:100],
                "close": close_to(value, names) or ".",
            }
            raise ValidationError(message, code="no_such_table")
        return value


class ColumnField(forms.Field):
    """A text as a column of citations takes it."""

    def __init__(self, name, **options):
        self.column = Citation._meta.get_field(name)
        super().__init__(**options)

    def clean(self, value):
        return self.column.clean(value, None) if value else ""


class ImportForm(forms.Form):
    """What is asked of a file, in the query of the address."""

    table = TableField(help_text=_("The table that it goes into, by its name."))
    source = SlugField(
        Source,
        alone=True,
        required=False,
        help_text=_(
            "The slug of the source of the file. Then nothing is "
            "overwritten: each cell becomes a citation of the source, and "
            "one that differs from the record becomes its claim. Without a "
            "source the file edits the record."
        ),
    )
    locator = ColumnField(
        "locator",
        required=False,
        help_text=_("With a source: where in it, such as “table 2”."),
    )
    as_of = ColumnField(
        "as_of",
        required=False,
        help_text=_("With a source: the date at which it says so."),
    )
    sheet = forms.CharField(
        required=False,
        strip=False,
        help_text=_("Of a workbook with several sheets: the name of the one to read."),
    )
    dry_run = WordField(
        ("true", "false"),
        alone=True,
        required=False,
        help_text=_("Whether only to say what would become of it."),
    )

    set_aside = WordField(
        ("true", "false"),
        alone=True,
        required=False,
        help_text=_(
            "Whether what is right is written though other rows are invalid: these, "
            "and those that need them, come back with the answer."
        ),
    )

    def __init__(self, asked, user):
        super().__init__(asked)
        self.fields["source"].everything = may_see(user, Source)

    def clean(self):
        asked = super().clean()
        if not self.data.get("source"):
            for name in OF_A_SOURCE:
                if self.data.get(name):
                    message = _("This needs a source: give the source as well.")
                    self.add_error(name, ValidationError(message, "without_source"))
        return asked

    @property
    def attribution(self):
        """Whose reading the file is; None if it is an edit."""
        source, locator, as_of = map(self.cleaned_data.get, ("source", *OF_A_SOURCE))
        return Attribution(source, locator, as_of) if source else None


# What is answered


class CellSerializer(serializers.Serializer):
    """One cell that does something."""

    column = serializers.CharField(help_text=_("The name of its column."))
    before = serializers.CharField(help_text=_("What is recorded; empty if nothing."))
    after = serializers.CharField(help_text=_("What the file says."))
    how = serializers.ChoiceField(How.choices, help_text=_("What becomes of it."))


class RowSerializer(serializers.Serializer):
    """One row that does something."""

    kind = serializers.ChoiceField(
        [(kind.value, kind.label) for kind in WRITING],
        help_text=_("What becomes of it."),
    )
    line = serializers.IntegerField(help_text=_("The line on which it begins."))
    key = serializers.CharField(help_text=_("The key that identifies it."))
    cells = CellSerializer(many=True, help_text=_("Its cells that do something."))


class WarningSerializer(serializers.Serializer):
    """One thing that is right, and looks as if it were not."""

    line = serializers.IntegerField(
        allow_null=True, help_text=_("Which line; null for the file as a whole.")
    )
    column = serializers.CharField(
        allow_null=True, help_text=_("Which column; null for the row as a whole.")
    )
    value = serializers.CharField(help_text=_("What stands there, shortened."))
    message = serializers.CharField(help_text=_("What looks wrong, and why."))


class CountsSerializer(serializers.Serializer):
    """How many rows there are of each kind."""

    def get_fields(self):
        return {
            kind.value: serializers.IntegerField(help_text=kind.label) for kind in Kind
        }


class ImportedSerializer(serializers.Serializer):
    """What became of a file, or would."""

    table = serializers.CharField(help_text=_("The table that it went into."))
    dry_run = serializers.BooleanField(help_text=_("Whether it was only looked at."))
    change = serializers.IntegerField(
        allow_null=True,
        help_text=_("The number of the change; null if nothing was written."),
    )
    sha256 = serializers.CharField(help_text=_("The SHA-256 of the file."))
    encoding = serializers.CharField(
        help_text=_("The encoding that it is in, or the kind of workbook that it is.")
    )
    delimiter = serializers.CharField(
        help_text=_("The delimiter between its cells; empty in a workbook.")
    )
    rows = serializers.IntegerField(help_text=_("How many rows were read."))
    told = serializers.ListField(
        child=serializers.CharField(),
        help_text=_(
            "What was skipped since it is empty, or read though it is not as we write "
            "it, a sentence each."
        ),
    )
    counts = CountsSerializer(help_text=_("How many became what."))
    warned = serializers.IntegerField(help_text=_("How many warnings there are."))
    warnings = WarningSerializer(many=True, help_text=_("The first 100 of these."))
    shown = RowSerializer(
        many=True, help_text=_("The first 100 rows of each kind that do something.")
    )
    set_aside = serializers.CharField(
        allow_null=True,
        help_text=_(
            "The rows that were set aside, as CSV, each with what is wrong in a column "
            "of its own, which is passed over when the file is sent again; null if "
            "none was."
        ),
    )


class ImportView(ApiView):
    """A table into the record, as one change: all of it, or nothing."""

    parser_classes = TABLES
    most_bytes = UPLOAD.bytes
    meanings = {
        400: _(
            "The query is not understood, or the file is wrong: the first 100 faults, "
            "each with its line, its column and what would be right."
        ),
        403: _("The user of the token may not import this."),
        409: _("The change as a whole is refused: the errors say why."),
        413: _("The file is larger than 20 MiB; split it."),
        415: _(
            "The body is no workbook (XLSX, XLS, ODS), and not CSV in UTF-8, or in "
            "UTF-16 with a byte order mark."
        ),
    }

    @classmethod
    def collection(cls):
        """Its name in addresses."""
        return "imports"

    def may_write(self, request):
        return request.user.has_perm("provenance.import_tables")

    def parameters(self):
        return set(ImportForm.base_fields)

    def described_parameters(self):
        """The query parameters as the documentation has them."""
        yes_or_no = ["true", "false"]
        words = {"table": list(tables()), "dry_run": yes_or_no, "set_aside": yes_or_no}
        return [
            OpenApiParameter(
                name,
                required=field.required,
                description=field.help_text,
                enum=words.get(name),
            )
            for name, field in ImportForm.base_fields.items()
        ]

    def faults(self, given):
        yield from super().faults(given)
        if self.request.method == "POST":
            self.form = ImportForm(given, self.request.user)
            yield from faults_in(self.form)

    @extend_schema(
        request={
            parser.media_type: {"type": "string", "description": _("The file itself.")}
            for parser in TABLES
        },
        responses={
            200: OpenApiResponse(ImportedSerializer, _("Nothing had to be written.")),
            201: OpenApiResponse(ImportedSerializer, _("It was written.")),
        },
        description=_(
            "Reads a CSV file, or one sheet of a workbook, into a table, as one "
            "change: all of it is written (201), or nothing. Nothing is written either "
            "if all of it is on record already, or if `dry_run` only asks what would "
            "become of it (200). The same request, sent again after an answer that got "
            "lost, writes nothing twice."
        ),
    )
    def post(self, request):
        asked = self.form.cleaned_data
        name, dry_run = asked["table"], asked["dry_run"] == "true"
        table = tables()[name]
        if not may_import(request.user, table):
            message = _("You may not import into this table, or not see what is in it.")
            fault = parameter_error("table", message, "permission")
            raise Refused(NOT_ALLOWED, [fault], status=403)
        data = request.data or b""  # of an empty body there is no parsing
        try:
            dialect = Dialect(sheet=asked["sheet"])
            sheet = open_sheet(data, known=table().fields, dialect=dialect)
        except TableError as error:
            raise refused_file(error.faults) from None
        try:
            imported = import_tables(
                [(name, sheet)],
                user=request.user,
                reason=self.asked_reason() or f"import of {name}",
                attribution=self.form.attribution,
                dry_run=dry_run,
                set_aside=asked["set_aside"] == "true",
            )
        except IntegrityError:
            logger.warning("An import met a write of somebody else", exc_info=True)
            raise Refused(MET, status=409) from None
        (outcome,) = imported.outcomes
        if imported.is_wrong:
            faults = [*imported.faults, *outcome.faults]
            raise refused_file(faults, 400 if outcome.faults else 409)
        change = imported.change
        answer = ImportedSerializer(
            {
                "table": name,
                "dry_run": dry_run,
                "change": change and change.number,
                **_read_from(sheet),
                "told": imported.told,
                **_became_of(outcome),
                "set_aside": _aside(sheet, imported),
            }
        )
        return Response(answer.data, status=201 if change else 200)


def _read_from(sheet):
    """What the answer says of the file."""
    return {
        "sha256": sheet.sha256,
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "rows": sheet.rows,
    }


def _aside(sheet, imported):
    """The file of the rows that were set aside; None if none was."""
    if not imported.wrong:
        return None
    return "".join(lines_of(rows_set_aside(sheet, imported.wrong.values())))


def _became_of(outcome):
    """What the answer says of the rows: their numbers, and the first of each kind."""
    shown = (row for kind in WRITING for row in outcome.shown[kind])
    return {
        "counts": outcome.counts,
        "warned": len(outcome.warnings),
        "warnings": map(fault_in_file, outcome.warnings[:MAX_WARNINGS]),
        "shown": sorted(shown, key=lambda row: row.line),
    }


def refused_file(faults, status=400):
    """The answer to a file that is wrong; rights that are missing come first."""
    rights = [fault for fault in faults if fault.code == "permission"]
    if rights:
        faults = rights + [fault for fault in faults if fault.code != "permission"]
    detail = {
        400: _("The file is not accepted. Nothing was written."),
        403: NOT_ALLOWED,
        409: _("The request would leave the record in an invalid state."),
    }
    status = 403 if rights else status
    errors = map(fault_in_file, faults[:MAX_ERRORS])
    return Refused(detail[status], errors, status, faults=len(faults))
