"""The form that uploads a file to import: table, mapping, source and reason."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from ..models import SavedMapping, Source
from ..models.upload import MAX_NAME
from ..review.permissions import may
from ..tables import MAX_BYTES
from .addresses import address
from .forms import RelatedSelect
from .table_choices import is_cited, name_of, names_of, table_of, tables_fed_by

MAX_REASON = 1000


class UploadForm(forms.Form):
    """A file, the tables that it goes into, and the source that it is a reading of.

    It goes into one table, or into those that a mapping feeds.
    """

    table = forms.ChoiceField(
        label=gettext_lazy("Table"), widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # which is no table either, and is told so
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy(
            "CSV or a workbook (XLSX, XLS, ODS), with the names of the columns in a "
            "header row."
        ),
    )
    sheet = forms.CharField(
        label=gettext_lazy("Sheet"),
        required=False,
        max_length=MAX_NAME,
        strip=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Of a workbook with several: which one to read."),
    )
    mapping = forms.TypedChoiceField(
        label=gettext_lazy("Mapping"),
        required=False,
        empty_value=None,
        widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy(
            "For a file with other columns than ours. The mapping says "
            "what goes into which table; the table chosen above is then "
            "ignored."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for this change"),
        required=False,
        max_length=MAX_REASON,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Kept in the history; optional."),
    )

    def __init__(
        self, *args, tables, user, mappings=(), citation=None, of_source=(), **kwargs
    ):
        super().__init__(*args, **kwargs)
        self.user = user
        self.tables = {table_of(table): table for table in tables}
        self.citation = citation
        self.fields["table"].choices = [
            (name, capfirst(name_of(table))) for name, table in self.tables.items()
        ]
        self.fields["file"].help_text = _with_ways_to_match(
            user, self.fields["file"].help_text
        )
        self._offer({str(saved.pk): saved for saved in mappings})
        self.fields.update(of_source)
        self.order_fields(
            ["table", "mapping", "file", "sheet", *dict(of_source), "reason"]
        )

    def _offer(self, mappings):
        if not mappings and not self.data.get("mapping"):
            del self.fields["mapping"]
            return
        self.fields["mapping"].coerce = mappings.get
        self.fields["mapping"].choices = [
            ("", _("none: the columns have our names")),
            *((key, saved.name) for key, saved in mappings.items()),
        ]

    @property
    def is_too_large(self):
        """Whether the file is larger than is read."""
        return self.has_error("file", "too_large")

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %d MiB; split it.") % (MAX_BYTES >> 20),
                code="too_large",
            )
        return file

    def clean(self):
        asked = super().clean()
        source, fed = asked.get("source"), self._tables_fed(asked)
        if fed and asked["table"] not in fed:
            asked["table"] = next(name for name in self.tables if name in fed)
        if source and fed and not any(map(is_cited, fed.values())):
            self.add_error(
                "source",
                _("No source is cited for %s; leave it empty.")
                % names_of(fed.values()),
            )
        for name in {"locator", "as_of"} & asked.keys():
            try:
                asked[name] = self.citation._meta.get_field(name).clean(
                    asked[name], None
                )
            except ValidationError as error:
                self.add_error(name, error)
            else:
                if asked[name] and not source and not self.has_error("source"):
                    self.add_error(name, _("Choose the source that this applies to."))
        return asked

    def _tables_fed(self, asked):
        """The tables that the file goes into, by their names; none if that is wrong."""
        if "table" not in asked or "mapping" in self.errors:
            return {}
        if saved := asked.get("mapping"):
            return tables_fed_by(saved)
        return {asked["table"]: self.tables[asked["table"]]}

    def refuse(self, faults, may_be_foreign):
        """Says why the file is not taken, and what to do if it is somebody else's."""
        for fault in faults:
            self.add_error("file", str(fault))
        if may_be_foreign:
            self.add_error("file", of_other_headers(self.user))

    def asked(self):
        """What is asked of the file, as an upload keeps it."""
        source = self.cleaned_data.get("source")
        return {
            "mapping": self.cleaned_data.get("mapping"),
            "sheet": self.cleaned_data["sheet"],
            "source": source.slug if source else "",
            "locator": self.cleaned_data.get("locator", ""),
            "as_of": str(self.cleaned_data.get("as_of", "")),
            "reason": self.cleaned_data["reason"],
        }


def of_other_headers(user):
    """What is said of a file whose columns are called otherwise, and what to do."""
    said = _("The columns of this file have other names than ours.")
    return _with_ways_to_match(user, said)


def _with_ways_to_match(user, said):
    """A sentence, and the ways to where foreign columns are matched with ours."""
    if not may(user, "add", SavedMapping):
        return said
    link = '<a class="underline" href="{}">{}</a>'
    return format_html(
        _("{said} If its columns have other names, {match} or see the {mappings}."),
        said=said,
        match=format_html(
            link, address(SavedMapping, "match_columns"), _("match them with ours")
        ),
        mappings=format_html(
            link, address(SavedMapping, "changelist"), _("saved mappings")
        ),
    )


def fields_of_a_source(model_admin, request, offered):
    """What is asked of the source of a file, if rows of some table are cited."""
    sources = model_admin.admin_site.get_model_admin(Source)
    if not any(map(is_cited, offered)) or not sources.has_view_permission(request):
        return {}
    citation = model_admin.model.citation_model()
    columns = {
        name: citation._meta.get_field(name) for name in ("source", "locator", "as_of")
    }
    source = forms.ModelChoiceField(
        Source.objects.all(),
        required=False,
        label=_("Source of this file"),
        help_text=_(
            "With a source, nothing is overwritten: each cell becomes a "
            "citation of the source, and one that differs from the record "
            "becomes its claim. Without a source, the file edits the "
            "record."
        ),
        widget=RelatedSelect(columns.pop("source"), model_admin.admin_site),
    )
    source.label_from_instance = sources.label_of
    fields = {
        name: model_admin.formfield_for_dbfield(column, request)
        for name, column in columns.items()
    }
    return {"citation": citation, "of_source": {"source": source, **fields}}
