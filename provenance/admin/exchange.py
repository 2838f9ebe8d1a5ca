"""Tables into the record and out of it: upload, preview, confirmation, download."""

import os
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpResponseRedirect
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from import_export.admin import ImportExportMixin
from import_export.forms import ConfirmImportForm
from import_export.tmp_storages import TempFolderStorage
from unfold.contrib.import_export.forms import ExportForm, ImportForm

from ..downloads import download
from ..permissions import may

faults_of = None
from ..tables import CSV, MAX_BYTES, TableError
from .addresses import address

A_DAY = 24 * 60 * 60
MAX_NAME = 200  # characters of a file's name that the history keeps
SHOWN = 200  # rows of a preview, and faults of a file: nobody reads more


def models_in(resource_class):
    """The models whose rows stand in a table."""
    cited = getattr(resource_class, "record_models", ())
    if cited:
        return [model.citation_model() for model in cited]
    return [resource_class._meta.model]


def lists_in(resource_class):
    """The models of the rows behind the columns that hold whole lists."""
    columns = (
        getattr(field, "django_field", None) for field in resource_class.fields.values()
    )
    return [
        column.remote_field.through
        for column in columns
        if column is not None and column.many_to_many
    ]


def name_of(resource_class):
    """What a table is called."""
    return str(models_in(resource_class)[0]._meta.verbose_name_plural)


def columns_of(resource_classes):
    """The columns of each table, under its name."""
    return [
        (capfirst(name_of(resource_class)), resource_class().get_export_headers())
        for resource_class in resource_classes
    ]


class StagedFile(TempFolderStorage):
    """An upload that waits for its confirmation, for a day at most."""

    PREFIX = "bordersec-import-"

    def _open(self, mode="r"):
        if self.name:
            return super()._open(mode)
        self.remove_expired()
        handle, path = tempfile.mkstemp(prefix=self.PREFIX)
        self.name = os.path.basename(path)
        return os.fdopen(handle, "wb")

    def remove_expired(self):
        for path in Path(tempfile.gettempdir()).glob(f"{self.PREFIX}*"):
            with suppress(FileNotFoundError):  # somebody else does the same
                if path.stat().st_mtime < time.time() - A_DAY:
                    path.unlink()


class TableChoice:
    """Names the tables as people do, instead of by the class that reads them."""

    def _init_resources(self, resources):
        super()._init_resources(resources)
        self.fields["resource"].label = _("Table")
        self.fields["resource"].choices = [
            (str(place), capfirst(name_of(resource)))
            for place, resource in enumerate(resources)
        ]


class UploadForm(TableChoice, ImportForm):
    """Which table, and the file with its rows."""

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %d MiB; split it.") % (MAX_BYTES >> 20)
            )
        return file


class DownloadForm(TableChoice, ExportForm):
    """Which table."""


class ConfirmForm(ConfirmImportForm):
    """What was previewed, by whom: nobody confirms the upload of another."""

    def __init__(self, *args, signer, tables, **kwargs):
        self.signer = signer
        super().__init__(*args, **kwargs)
        for name, count in {"format": 1, "resource": tables}.items():
            self.fields[name] = forms.ChoiceField(
                choices=[(str(place), "") for place in range(count)],
                widget=forms.HiddenInput,
                required=name == "format",
            )

    def clean_import_file_name(self):
        try:
            return self.signer.unsign(
                self.cleaned_data["import_file_name"], max_age=A_DAY
            )
        except BadSignature:
            raise ValidationError(_("There is no such upload.")) from None

    def clean_original_file_name(self):
        name = self.cleaned_data["original_file_name"]
        return "".join(sign for sign in name if sign.isprintable())[:MAX_NAME]


class Preview:
    """What an import would do, row by row, or everything that is wrong with it."""

    def __init__(self, result):
        self.headers = result.diff_headers
        self.faults = faults_of(result)
        self.more_faults = max(0, len(self.faults) - SHOWN)
        self.faults = self.faults[:SHOWN]
        self.warnings = result.warnings[:SHOWN]
        self.more_warnings = len(result.warnings) - len(self.warnings)
        self.new, self.changed, self.same = (
            result.totals[kind] for kind in ("new", "update", "skip")
        )
        written = [row for row in result.rows if row.import_type in ("new", "update")]
        self.rows = written[:SHOWN]
        self.more_rows = len(written) - len(self.rows)


class Exchange(ImportExportMixin):
    """Import with a preview, and export: a record's table and those of its rows."""

    import_formats = export_formats = [CSV]
    import_form_class = UploadForm
    export_form_class = DownloadForm
    confirm_form_class = ConfirmForm
    import_template_name = "provenance/import.html"
    export_template_name = "provenance/export.html"
    tmp_storage_class = StagedFile

    # who may

    def has_import_permission(self, request):
        return bool(self.get_import_resource_classes(request))

    def has_export_permission(self, request):
        return bool(self.get_export_resource_classes(request))

    def get_import_resource_classes(self, request):
        """The tables into which rows may come; each row is asked about by itself."""
        if not request.user.has_perm("provenance.import_tables"):
            return []

        def may_write(table):
            return any(
                all(may(request.user, verb, model) for model in models_in(table))
                for verb in ("add", "change")
            ) and all(
                may(request.user, verb, model)
                for verb in ("add", "change", "delete")
                for model in lists_in(table)
            )

        return self._tables(may_write)

    def get_export_resource_classes(self, request):
        def may_read(table):
            return all(
                may(request.user, "view", model) or may(request.user, "change", model)
                for model in models_in(table)
            )

        return self._tables(may_read)

    def _tables(self, allowed):
        """The tables that are allowed; none without the one of the records."""
        tables = [table for table in self.resource_classes if allowed(table)]
        return tables if self.resource_classes[0] in tables else []

    # in

    def import_action(self, request, **kwargs):
        response = super().import_action(request, **kwargs)
        context = response.context_data
        context["fields_list"] = columns_of(self.get_import_resource_classes(request))
        if "result" in context:
            context["preview"] = Preview(context["result"])
        return response

    def process_import(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        if (
            request.method == "POST"
            and not self.create_confirm_form(request).is_valid()
        ):
            return self._gone(request)
        try:
            return super().process_import(request, **kwargs)
        except FileNotFoundError:
            return self._gone(request)

    def _gone(self, request):
        messages.error(
            request,
            _(
                "This upload is not there any more: it was imported already, or it "
                "waited for more than a day. Upload the file again."
            ),
        )
        return HttpResponseRedirect(address(self.model, "import"))

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            for fault in Preview(result).faults[:5]:
                messages.error(request, str(fault))
            messages.error(
                request,
                _("Nothing was imported: the record has changed since the preview."),
            )
            return HttpResponseRedirect(address(self.model, "import"))
        return super().process_result(result, request)

    def add_success_message(self, result, request):
        done = Preview(result)
        messages.success(
            request,
            _("Imported: %(new)d new, %(changed)d changed, %(same)d the same as now.")
            % {"new": done.new, "changed": done.changed, "same": done.same},
        )

    def add_data_read_fail_error_to_form(self, form, e):
        if not isinstance(e, TableError):
            return super().add_data_read_fail_error_to_form(form, e)
        for fault in e.faults[:SHOWN]:
            form.add_error("import_file", str(fault))

    def get_confirm_form_kwargs(self, request, import_form=None):
        return {
            **super().get_confirm_form_kwargs(request, import_form),
            "signer": self._signer(request),
            "tables": len(self.get_import_resource_classes(request)),
        }

    def get_confirm_form_initial(self, request, import_form):
        initial = super().get_confirm_form_initial(request, import_form)
        if initial:
            name = os.path.basename(initial["import_file_name"])
            initial["import_file_name"] = self._signer(request).sign(name)
        return initial

    def _signer(self, request):
        return TimestampSigner(salt=f"import of {request.user.pk}")

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
