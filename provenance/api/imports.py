"""The import of a table over the API: by the one way in, with the rights of a user."""

import logging

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.response import Response

from ..imports.mapping import Mapping, MappingError
from ..imports.permissions import may_import, may_see
from ..models import Citation, SavedMapping, Source
from ..resources.importing import Attribution, finish, import_tables, tables
from ..tables import UPLOAD, Dialect, TableError, open_sheet
from ..values.suggestions import close_to
from .filters import faults_in
from .import_answers import ImportedSerializer, answer_to, refused_file
from .parameters import SlugField, WordField
from .parsing import TABLES
from .problems import NOT_ALLOWED, Refused, parameter_error
from .queued_imports import StandingSerializer, queued, wants_no_answer_now
from .views import ApiView
from .writes import MET

logger = logging.getLogger(__name__)

OF_A_SOURCE = ("locator", "as_of")  # what is asked of it


# What is asked


class TableField(forms.Field):
    """The name of one of the tables."""

    def clean(self, value):
        names = list(tables())
        if value and value not in names:
            message = _("There is no table “%(name)s”%(close)s") % {
                "name": value[:100],
                "close": close_to(value, names) or ".",
            }
            raise ValidationError(message, code="no_such_table")
        return value


class MappingField(forms.Field):
    """The name of a saved mapping, with what it says today."""

    def clean(self, value):
        if not value:
            return None
        saved = SavedMapping.objects.filter(name=value).first()
        if saved is None:
            names = SavedMapping.objects.values_list("name", flat=True)
            message = _("There is no saved mapping “%(name)s”%(close)s") % {
                "name": value[:100],
                "close": close_to(value, names) or ".",
            }
            raise ValidationError(message, code="no_such_mapping")
        try:
            saved.mapping = Mapping.from_toml(saved.toml)
        except MappingError as error:
            raise ValidationError([*map(str, error.missteps)]) from None
        return saved


class ColumnField(forms.Field):
    """A text as a column of citations takes it."""

    def __init__(self, name, **options):
        self.column = Citation._meta.get_field(name)
        super().__init__(**options)

    def clean(self, value):
        return self.column.clean(value, None) if value else ""


class ImportForm(forms.Form):
    """What is asked of a file, in the query of the address."""

    table = TableField(
        required=False,
        help_text=_("The table that it goes into, by its name; or else a mapping."),
    )
    mapping = MappingField(
        required=False,
        help_text=_(
            "For a file with other columns than ours: the name of a saved mapping, "
            "which says into which tables it goes."
        ),
    )
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
        if self.data.get("table") and self.data.get("mapping"):
            message = _("The mapping says the table; leave this out.")
            self.add_error("table", ValidationError(message, "with_mapping"))
        elif not self.data.get("table") and not self.data.get("mapping"):
            message = _("Name the table that the file goes into: %s.")
            message %= ", ".join(tables())
            self.add_error("table", ValidationError(message, "required"))
        return asked

    @property
    def tables(self):
        """The names of the tables that the file goes into."""
        saved, table = map(self.cleaned_data.get, ("mapping", "table"))
        return saved.mapping.tables if saved else [table]

    def opened(self, data):
        """The sheet in a file, with its own columns, and what it is in our tables.

        Raises TableError if it is none.
        """
        saved, table, sheet = map(self.cleaned_data.get, ("mapping", "table", "sheet"))
        if saved:
            foreign = saved.mapping.opened(data, sheet)
            return foreign, finish(saved.mapping.steps(foreign))
        dialect = Dialect(sheet=sheet)
        ours = open_sheet(data, known=tables()[table]().fields, dialect=dialect)
        return ours, [(table, ours)]

    @property
    def attribution(self):
        """Whose reading the file is; None if it is an edit."""
        source, locator, as_of = map(self.cleaned_data.get, ("source", *OF_A_SOURCE))
        return Attribution(source, locator, as_of) if source else None


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
        413: _("The file is larger than the site takes; split it."),
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
            202: OpenApiResponse(
                StandingSerializer,
                _("It waits for the worker: Location says where to ask for it."),
            ),
        },
        description=_(
            "Reads a CSV file, or one sheet of a workbook, into a table, or by a saved "
            "mapping into several, as one change: all of it is written (201), or "
            "nothing. Nothing is written either if all of it is on record already, or "
            "if `dry_run` only asks what would become of it (200). The same request, "
            "sent again after an answer that got lost, writes nothing twice. With "
            "`Prefer: respond-async` a worker does "
            "it, where the site has one, and the answer comes at once (202)."
        ),
    )
    def post(self, request):
        asked, names = self.form.cleaned_data, self.form.tables
        saved, dry_run = asked["mapping"], asked["dry_run"] == "true"
        if not all(may_import(request.user, tables()[name]) for name in names):
            message = _("You may not import into this table, or not see what is in it.")
            name = "mapping" if saved else "table"
            fault = parameter_error(name, message, "permission")
            raise Refused(NOT_ALLOWED, [fault], status=403)
        data = request.data or b""  # of an empty body there is no parsing
        try:
            sheet, sheets = self.form.opened(data)
            if settings.WORKER and not dry_run and wants_no_answer_now(request):
                asked = {**asked, "table": names[0], "reason": self.asked_reason()}
                return queued(request, asked, data)
        except TableError as error:
            raise refused_file(error.faults) from None
        try:
            imported = import_tables(
                sheets,
                user=request.user,
                reason=self.asked_reason() or f"import of {', '.join(names)}",
                attribution=self.form.attribution,
                dry_run=dry_run,
                set_aside=asked["set_aside"] == "true",
            )
        except IntegrityError:
            logger.warning("An import met a write of somebody else", exc_info=True)
            raise Refused(MET, status=409) from None
        answer = answer_to(sheet, imported, saved and saved.mapping, dry_run)
        return Response(answer, status=201 if imported.change else 200)
