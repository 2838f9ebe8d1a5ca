"""Import and export of tables from the list of each kind of record."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV
from unfold.contrib.import_export.forms import ExportForm

from ..resources import tables_of
from ..web.streaming import download
from .addresses import address
from .importing import Importing
from .table_choices import columns_of, may_export, name_of


class TableChoice:
    """Names the tables as people do, instead of by the class that reads them."""

    def _init_resources(self, resources):
        super()._init_resources(resources)
        self.fields["resource"].label = _("Table")
        self.fields["resource"].choices = [
            (str(place), capfirst(name_of(resource)))
            for place, resource in enumerate(resources)
        ]


class DownloadForm(TableChoice, ExportForm):
    """Which table."""


class Exchange(Importing, ImportExportMixin):
    """Import with a preview, and export: a record's table and those of its rows."""

    export_formats = [CSV]  # for the form to name; the file itself is made by the table
    export_form_class = DownloadForm
    export_template_name = "provenance/export.html"

    @cached_property
    def resource_classes(self):
        """The tables, the one of the records first."""
        return tables_of(self.model)

    # who may

    def has_export_permission(self, request):
        return bool(self.get_export_resource_classes(request))

    def get_export_resource_classes(self, request):
        """The tables of which rows may go out; none without the one of the records."""
        offered = [
            table for table in self.resource_classes if may_export(request.user, table)
        ]
        return offered if self.resource_classes[0] in offered else []

    # out

    def export_action(self, request):
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            messages.error(request, _("The list cannot be filtered like that."))
            return HttpResponseRedirect(address(self.model, "changelist"))

    def init_request_context_data(self, request, form):
        context = super().init_request_context_data(request, form)
        context["fields_list"] = columns_of(self.get_export_resource_classes(request))
        return context

    def _do_file_export(self, file_format, request, queryset, export_form=None):
        table = self.choose_export_resource_class(export_form, request)
        listed = queryset.order_by().values("pk")
        chosen = self.model._default_manager.filter(pk__in=listed)
        name = slugify(name_of(table)).replace("-", "_") or "table"
        return download(table().csv(chosen), f"{name}.csv")
