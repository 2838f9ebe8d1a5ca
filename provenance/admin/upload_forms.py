"""The form that takes a file to import, and the source that it is a reading of."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from ..models import Source
from ..tables import MAX_BYTES
from .forms import RelatedSelect
from .offered import is_cited, name_of, table_of

MAX_REASON = 1000


class UploadForm(forms.Form):
    """A file, the table that it goes into, and the source that it is a reading of."""

    table = forms.ChoiceField(
        label=gettext_lazy("Table"), widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,  # which is no table either, and is told so
        widget=UnfoldAdminFileFieldWidget,
        help_text=gettext_lazy("CSV, with the names of the columns in its first line."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for this change"),
        required=False,
        max_length=MAX_REASON,
        widget=UnfoldAdminTextInputWidget,
        help_text=gettext_lazy("Stays in the history; may be left empty."),
    )

    def __init__(self, *args, tables, citation=None, of_source=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.tables = {table_of(table): table for table in tables}
        self.citation = citation
        self.fields["table"].choices = [
            (name, capfirst(name_of(table))) for name, table in self.tables.items()
        ]
        self.fields.update(of_source)
        self.order_fields(["table", "file", *dict(of_source), "reason"])

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
        table, source = self.tables.get(asked.get("table")), asked.get("source")
        if source and table and not is_cited(table):
            self.add_error(
                "source",
                _("No source is cited for %s; leave it empty.") % name_of(table),
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
                    self.add_error(name, _("Say which source that is about."))
        return asked

    def asked(self):
        """What is asked of the file, as an upload keeps it."""
        source = self.cleaned_data.get("source")
        return {
            "source": source.slug if source else "",
            "locator": self.cleaned_data.get("locator", ""),
            "as_of": str(self.cleaned_data.get("as_of", "")),
            "reason": self.cleaned_data["reason"],
        }


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
        label=_("A reading of this source"),
        help_text=_(
            "With a source nothing is overwritten: a cell that equals the record "
            "cites it, one that does not is what the source states. Without one "
            "the file is an edit."
        ),
        widget=RelatedSelect(columns.pop("source"), model_admin.admin_site),
    )
    source.label_from_instance = sources.label_of
    fields = {
        name: model_admin.formfield_for_dbfield(column, request)
        for name, column in columns.items()
    }
    return {"citation": citation, "of_source": {"source": source, **fields}}
