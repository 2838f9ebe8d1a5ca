"""The admin's import: a file is uploaded, previewed, then confirmed."""

import json
from contextlib import ExitStack
from dataclasses import asdict
from functools import wraps
from pathlib import PurePath
from tempfile import SpooledTemporaryFile

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import Error
from django.http import (
    FileResponse,
    Http404,
    HttpResponseRedirect,
    JsonResponse,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from ..imports import queue
from ..imports.permissions import may_import
from ..imports.reports import TOLD
from ..imports.uploads import (
    LONG,
    Gone,
    OtherHeaders,
    cancel,
    confirm,
    faults_of,
    has_other_headers,
    is_open_to,
    lines_set_aside,
    own,
    preview,
    receive,
    rows_of,
    set_aside,
    tables_of,
)
from ..models import Upload
from ..resources.importing import finish, tables
from ..resources.outcome import SHOWN, WRITING, Kind
from ..tables import TableError, lines_of
from ..web.refusals import refusal_of
from .addresses import address, led_back
from .import_report import changes_since, facts_of, sections_of
from .table_choices import columns_of, mappings_offered, name_of, names_of, table_of
from .upload_forms import UploadForm, fields_of_a_source, of_other_headers

PROGRESS = "application/x-ndjson"
HELD = 8 << 20  # bytes of a file to send that are kept in memory
WAITING = 20  # uploads in the list of those that wait


class SeeOther(HttpResponseRedirect):
    """Leads from what was sent to the page that shows what came of it."""

    status_code = 303


def of_an_upload(*methods):
    """A page of one upload of whoever asks, answering these methods.

    What an import writes is a change of its own, which says whose it is: the answer
    may still be on its way when the request is over.
    """

    def page_of(view):
        @wraps(view)
        def answer(self, request, upload):
            if not self.has_import_permission(request):
                raise PermissionDenied
            if request.method not in methods:
                return led_back(request, address(self.model, "upload", upload))
            try:
                return view(self, request, self._own(request, upload))
            except Gone as gone:
                return self._gone(request, gone)
            except (Error, OSError) as error:
                return self._refused(request, error)

        answer.opens_a_change = True
        return answer

    return page_of


class Importing:
    """The part of an admin that imports a record's table, and those of its rows."""

    # who may

    def has_import_permission(self, request):
        return bool(self.get_import_resource_classes(request))

    def get_import_resource_classes(self, request):
        """The tables into which rows may come; none without the one of the records."""
        if not request.user.has_perm("provenance.import_tables"):
            return []
        offered = [
            table for table in self.resource_classes if may_import(request.user, table)
        ]
        return offered if self.resource_classes[0] in offered else []

    # where

    def get_urls(self):
        # The frame has one page that confirms; here each upload has its own.
        urls = [
            url
            for url in super().get_urls()
            if url.name != self._name("process_import")
        ]
        pages = {
            "upload": ("", self.upload_view),
            "upload_read": ("read/", self.read_view),
            "upload_confirm": ("confirm/", self.confirm_view),
            "upload_cancel": ("cancel/", self.cancel_view),
            "upload_set_aside": ("set-aside/", self.set_aside_view),
            "upload_progress": ("progress/", self.progress_view),
            "upload_aside": ("set-aside.csv", self.aside_view),
            "upload_rows": ("rows.csv", self.rows_view),
            "upload_report": ("report.json", self.report_view),
        }
        return [
            path(
                f"import/<uuid:upload>/{route}",
                self.admin_site.admin_view(view),
                name=self._name(page),
            )
            for page, (route, view) in pages.items()
        ] + urls

    def _name(self, page):
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def _at(self, upload, page="upload"):
        return address(self.model, page, upload.pk)

    def _own(self, request, key):
        offered = self.get_import_resource_classes(request)
        return own(request.user, key, [table_of(table) for table in offered])

    # what

    def import_action(self, request):
        """Takes a file, and shows which ones wait."""
        offered = self.get_import_resource_classes(request)
        if not offered:
            raise PermissionDenied
        form = UploadForm(
            *((request.POST, request.FILES) if request.method == "POST" else ()),
            tables=offered,
            user=request.user,
            mappings=mappings_offered(request.user, offered),
            **fields_of_a_source(self, request, offered),
        )
        try:
            if form.is_valid() and (upload := self._receive(request, form)):
                return SeeOther(self._at(upload))
        except (Error, OSError) as error:
            return self._refused(request, error)
        waiting = Upload.objects.waiting().filter(
            user=request.user, table__in=form.tables
        )
        return self._answer(
            request,
            "provenance/upload_form.html",
            _("Import"),
            status=413 if form.is_too_large else 200,
            form=form,
            media=self.media + form.media,
            fields_list=columns_of(offered),
            waiting=[
                (upload, _goes_into(upload, offered), self._addresses(upload))
                for upload in waiting.defer("data")[:WAITING]
                if is_open_to(request.user, upload)
            ],
        )

    import_action.opens_a_change = True  # that a file waits is no change of the record

    def _receive(self, request, form):
        """The upload that a form made, read at once if it is short; else the faults."""
        try:
            upload = receive(
                request.user,
                form.cleaned_data["table"],
                form.cleaned_data["file"].name,
                form.cleaned_data["file"].read(),
                **form.asked(),
            )
        except TableError as error:
            form.refuse(error.faults[:SHOWN], isinstance(error, OtherHeaders))
            return None
        self._look_at(upload)
        return upload

    def _look_at(self, upload):
        """Previews an upload at once if it is short, or by a worker if there is one."""
        if upload.rows <= LONG:
            finish(preview(upload))
        elif settings.WORKER:
            queue.later(queue.read, upload)

    @of_an_upload("GET", "HEAD")
    def upload_view(self, request, upload):
        """What an upload would do, or has done; before that, the way to reading it."""
        return self._shown(request, upload)

    @of_an_upload("POST")
    def read_view(self, request, upload):
        """Reads an upload that has not been read yet."""
        if settings.WORKER and not upload.report and upload.rows > LONG:
            queue.later(queue.read, upload)
            return SeeOther(self._at(upload))
        work = iter(()) if upload.report else preview(upload)
        if PROGRESS in request.headers.get("Accept", ""):
            return self._progress(upload, work)
        finish(work)
        return SeeOther(self._at(upload))

    @of_an_upload("POST")
    def confirm_view(self, request, upload):
        """Imports what was seen, once."""
        seal = request.POST.get("seal", "")
        if settings.WORKER and upload.rows > LONG and not upload.change_id:
            queue.later(queue.write, upload, seal)
            return SeeOther(self._at(upload))
        work = confirm(upload, seal)
        if PROGRESS in request.headers.get("Accept", ""):
            return self._progress(upload, work)
        upload = finish(work)
        if upload.change_id or not upload.report:
            return SeeOther(self._at(upload))
        return self._shown(request, upload, status=409)

    @of_an_upload("POST")
    def cancel_view(self, request, upload):
        """Removes an upload."""
        cancel(upload)
        return SeeOther(address(self.model, "import"))

    @of_an_upload("POST")
    def set_aside_view(self, request, upload):
        """Previews what is right without the other rows."""
        if not upload.change_id:
            set_aside(upload)
            self._look_at(upload)
        return SeeOther(self._at(upload))

    @of_an_upload("GET", "HEAD")
    def progress_view(self, request, upload):
        """How far a worker is with an upload."""
        known = queue.standing(upload)
        return JsonResponse(asdict(known) if known else {"state": "done"})

    @of_an_upload("GET", "HEAD")
    def aside_view(self, request, upload):
        """The rows that are set aside, to be corrected and sent again."""
        if not (upload.report and upload.report.get("aside")):
            return SeeOther(self._at(upload))
        name = f"{PurePath(upload.file_name or upload.table).stem}-set-aside.csv"
        return _csv(lines_set_aside(upload), name)

    @of_an_upload("GET", "HEAD")
    def rows_view(self, request, upload):
        """All rows of one kind as CSV."""
        kind = request.GET.get("kind", "")
        if kind not in (*TOLD, Kind.WRONG):
            raise Http404
        if upload.change_id:
            return SeeOther(self._at(upload))
        rows = _told(upload, Kind(kind))
        # Which table a row is of says nothing where there is only one.
        lines = lines_of(rows if upload.mapping else (row[1:] for row in rows))
        return _csv((line.encode() for line in lines), f"{kind}.csv")

    @of_an_upload("GET", "HEAD")
    def report_view(self, request, upload):
        """The report of an upload for programs, and to keep."""
        if not upload.report:
            return SeeOther(self._at(upload))
        asked = ("table", "file_name", "sha256", "size", "rows", "encoding")
        asked += ("delimiter", "sheet", "source", "locator", "as_of", "reason")
        if upload.mapping:
            asked += ("mapping_name", "mapping")
        report = {name: getattr(upload, name) for name in asked}
        report |= {"change": upload.change_id, "report": upload.report}
        answer = JsonResponse(report, json_dumps_params={"indent": 2})
        answer["Content-Disposition"] = 'attachment; filename="report.json"'
        return answer

    # how it is said

    def _progress(self, upload, work):
        """Says how far some work is, line by line, and in the end where it leads to."""

        def said():
            try:
                for done, rows, what in work:
                    yield {"done": done, "rows": rows, "work": str(what)}
            except Gone:
                pass  # its page says so
            except (Error, OSError) as error:
                if (refused := refusal_of(error)) is None:
                    raise
                yield {"error": str(refused[1])}
                return
            yield {"address": self._at(upload)}

        answer = StreamingHttpResponse(
            (json.dumps(line) + "\n" for line in said()), content_type=PROGRESS
        )
        answer["X-Accel-Buffering"] = "no"  # nginx sends each line when it has it
        return answer

    def _shown(self, request, upload, status=200):
        report = upload.report
        writes = report and sum(report["counts"][kind] for kind in WRITING)
        is_right = report and (report.get("aside") or not report["faults"])
        goes_into = _goes_into(upload, self.get_import_resource_classes(request))
        is_foreign = report and not is_right and has_other_headers(upload)
        title = _("Import of %s") if upload.change_id else _("Import %s?")
        return self._answer(
            request,
            "provenance/upload_preview.html",
            title % upload,
            status=status,
            upload=upload,
            report=report,
            at=self._addresses(upload),
            facts=facts_of(upload, goes_into),
            sections=sections_of(report) if report else [],
            since=changes_since(request.user, report) if report else [],
            may_confirm=writes and is_right and not upload.change_id,
            may_set_aside=writes and not is_right and not upload.set_aside,
            is_long=upload.rows > LONG,
            foreign=of_other_headers(request.user) if is_foreign else "",
            has_worker=settings.WORKER,
            standing=None if upload.change_id else queue.standing(upload),
            may_take_back=request.user.has_perm("provenance.take_back_changes"),
        )

    def _addresses(self, upload):
        pages = ("upload", "read", "confirm", "cancel", "rows", "report")
        pages += ("set_aside", "aside", "progress")
        return {
            page: self._at(upload, f"upload_{page}" if page != "upload" else page)
            for page in pages
        }

    def _gone(self, request, gone):
        """The same page for what never was and for what is somebody else's."""
        if gone.has_expired:
            said = _("This upload has waited for more than a day, and is gone.")
        else:
            said = _("There is no such upload. It may have been cancelled.")
        return self._nothing_done(request, said, 410 if gone.has_expired else 404)

    def _refused(self, request, error):
        if (refused := refusal_of(error)) is None:
            raise error
        status, said = refused
        return self._nothing_done(request, said, status)

    def _nothing_done(self, request, said, status):
        page = "provenance/upload_gone.html"
        return self._answer(request, page, _("Import"), status=status, said=said)

    def _answer(self, request, template, title, status=200, **context):
        shared = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "import_address": address(self.model, "import"),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, template, {**shared, **context}, status=status)


def _csv(lines, name):
    """A file to download, out of its lines.

    Reading takes the lock of who writes: it must not last as long as the sending.
    """
    with ExitStack() as until_sent:
        file = until_sent.enter_context(SpooledTemporaryFile(HELD))
        file.writelines(lines)
        file.seek(0)
        until_sent.pop_all()  # the answer closes it
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type="text/csv; charset=utf-8",
    )


def _told(upload, kind):
    """The rows of one kind as rows of a table; of wrong ones what is wrong."""
    yield ["table", "line", "key", "column", "before", "after", "what"]
    if kind == Kind.WRONG:
        for table, fault in faults_of(upload):
            place = [table, str(fault.line), "", fault.column]
            yield [*place, "", fault.value, fault.message]
        return
    for table, row in rows_of(upload, kind):
        place = [table, str(row.line), row.key]
        for cell in row.cells:
            how = str(cell.how.label)
            yield [*place, cell.column, cell.before, cell.after, how]
        if not row.cells:
            yield [*place, "", "", "", str(kind.label)]


def _goes_into(upload, offered):
    """What the tables are called that an upload goes into."""
    if upload.mapping:
        return names_of(tables()[name] for name in tables_of(upload))
    return next(name_of(table) for table in offered if table_of(table) == upload.table)
