"""One page to enter a source on: its text on one side, what it states on the other."""

from textwrap import shorten

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from ..files.formats import FORMATS, MAX_BYTES
from ..models import SourceFile
from ..review.permissions import may
from ..sign_in.audit import note_taken
from .addresses import address
from .current_source import start_entering
from .forms import MAX_KEY

SHOWN = 50  # records of each kind that were entered
TEXT_SHOWN = 100_000  # characters of a file; all of it is behind its name
KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
# What somebody else has written is shown as if it came from nowhere: it runs nothing,
# and knows nothing of who looks at it.
SANDBOX = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"


class FileForm(forms.Form):
    """A file of a source, or a text that is typed or pasted."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,  # which is told so by what reads it
        help_text=gettext_lazy("PDF, PNG, JPEG, WebP, a saved web page, or text."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        required=False,
        strip=True,
        max_length=MAX_BYTES // 4,
        widget=forms.Textarea({"rows": 6}),
    )

    def __init__(self, source, user, *args):
        super().__init__(*args)
        self.source, self.user = source, user

    def clean(self):
        asked = super().clean()
        file, text = asked.get("file"), asked.get("text", "")
        if self.errors:
            return asked
        if file is None and not text:
            raise ValidationError(_("Choose a file or paste a text."), code="required")
        if file is not None and text:
            raise ValidationError(_("Either a file or a text, not both."), code="both")
        if file is not None and file.size > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %d MiB.") % (MAX_BYTES >> 20),
                code="too_large",
            )
        data = file.read() if file is not None else text.encode()
        name = file.name if file is not None else _pasted(text)
        self.added = SourceFile.add(self.source, data, name, self.user)
        return asked


def _pasted(text):
    """What a pasted text is called: the first words of it."""
    return shorten(text.splitlines()[0], 60, placeholder="…") or text[:60]


class EnteringPages:
    """The pages of a source on which it is entered, and on which its files are read."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_file"
        view = self.admin_site.admin_view(self.source_file)
        pages = [path("<path:object_id>/files/<int:key>/", view, name=name)]
        return [*pages, *super().get_urls()]

    @action(
        description=gettext_lazy("Enter from this source"),
        url_path="enter",
        permissions=["enter"],
    )
    def enter(self, request, object_id):
        """Takes files and texts; shows them beside the forms of what they state."""
        source = self.source_of(request, object_id)
        if not self.has_enter_permission(request):
            raise PermissionDenied
        if "entered" in request.GET:
            context = {"entered": self.entered(request, source)}
            return TemplateResponse(request, "provenance/entered.html", context)
        form = FileForm(source, request.user)
        if request.method == "POST":
            if removed := request.POST.get("remove", ""):
                return self._remove(request, source, removed)
            form = FileForm(source, request.user, request.POST, request.FILES)
            if form.is_valid():
                messages.success(request, _("Added: %s") % form.added)
                return redirect(request.path)
        start_entering(request, source)
        context = {
            "source": source,
            "title": _("Enter from: %s") % source,
            "current_source": None,  # the page says so by itself
            "form": form,
            "files": [self.shown(source, file) for file in self.files_of(source)],
            "kinds": [
                (key, capfirst(admin.opts.verbose_name), admin.add_address())
                for key, admin in zip(
                    KEYS, entered_kinds(self.admin_site, request), strict=False
                )
            ],
            "entered": self.entered(request, source),
        }
        return self.answer(request, "provenance/entering.html", context)

    def found_by_words(self, queryset, words, by_index=False):
        """Sources are found by the words in their files as well."""
        found = super().found_by_words(queryset, words, by_index)
        if not words:
            return found
        carrying = SourceFile.objects.sources_with(words).values("pk")
        return found | queryset.filter(pk__in=carrying)

    # What is read in a file may take long, and nobody else waits for it.
    enter.opens_a_change = True

    def has_enter_permission(self, request, object_id=None):
        """Whether somebody enters sources: what is published is not changed by that."""
        return may(request.user, "change", self.model)

    def files_of(self, source):
        """The files of a source, without what is long in them."""
        return SourceFile.objects.beside(source).there().defer("text", "search_text")

    def shown(self, source, file):
        """A file with its address and the first part of its text."""
        text = SourceFile.objects.filter(pk=file.pk).values_list("text", flat=True)[0]
        return {
            "file": file,
            "address": address(self.model, "file", source.pk, file.pk),
            "text": text[:TEXT_SHOWN],
            "is_cut": len(text) > TEXT_SHOWN,
        }

    def source_file(self, request, object_id, key):
        """The bytes of a file, or with ``?text`` what was read in it."""
        source = self.source_of(request, object_id)
        if not self.has_view_or_change_permission(request, source):
            raise PermissionDenied
        file = SourceFile.objects.beside(source).there().filter(pk=key).first()
        if file is None:
            raise Http404
        note_taken(request, f"file {key} of source {source.slug}")
        if "text" in request.GET:
            answer = HttpResponse(file.text, "text/plain; charset=utf-8")
        else:
            found = FORMATS[file.media_type]
            answer = FileResponse(
                file.file.open("rb"),
                # A page or a PDF is kept or opened by somebody's own program.
                as_attachment=not found.is_picture,
                filename=_file_name(file),
                content_type=file.media_type,
            )
        answer.headers["Content-Security-Policy"] = SANDBOX
        answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return answer

    def _remove(self, request, source, key):
        files = SourceFile.objects.beside(source).there()
        is_key = key.isdecimal() and len(key) <= MAX_KEY
        file = files.filter(pk=key).first() if is_key else None
        if file is None:
            raise Http404
        file.removed_at = timezone.now()
        file.save(update_fields=["removed_at"])
        messages.success(request, _("Removed: %s") % file)
        return redirect(request.path)

    def entered(self, request, source):
        """The records for which it is cited, kind by kind, the newest first."""
        for kind in self.kinds_seen(request):
            cited = kind.citation_model().objects.filter(source=source)
            records = kind.objects.labelled().filter(pk__in=cited.values("record"))
            if found := list(records.order_by("-pk")[: SHOWN + 1]):
                admin = self.admin_site.get_model_admin(kind)
                yield {
                    "title": capfirst(kind._meta.verbose_name_plural),
                    "records": [
                        {
                            "label": admin.label_of(record),
                            "address": admin.address_of(record),
                            "status": record.get_status_display(),
                        }
                        for record in found[:SHOWN]
                    ],
                    "are_more": len(found) > SHOWN,
                }


def entered_kinds(site, request):
    """The admins of the kinds of record that this person may add by a source."""
    return [
        admin
        for _title, admins in site.shelves(request)
        for admin in admins
        if hasattr(admin.model, "citations") and admin.has_add_permission(request)
    ]


def _file_name(file):
    """The name of a file, with the ending of what it is."""
    ending = f".{file.format.ending}"
    return file.name if file.name.lower().endswith(ending) else file.name + ending
