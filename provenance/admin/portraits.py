"""The page on which a record gets its portrait, or its emblem."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from ..files.formats import MAX_BYTES
from ..models import Portrait
from ..models.portrait import LINE
from .addresses import address


class PortraitForm(forms.Form):
    """A picture, with who made it and under which licence."""

    file = forms.FileField(
        label=gettext_lazy("Picture"),
        allow_empty_file=True,
        help_text=gettext_lazy("PNG, JPEG or WebP; it is made smaller."),
    )
    credit = forms.CharField(
        label=gettext_lazy("Credit"),
        max_length=LINE,
        help_text=gettext_lazy("Who made it."),
    )
    licence = forms.CharField(
        label=gettext_lazy("Licence"),
        max_length=LINE,
        help_text=gettext_lazy("As public domain, or CC BY 4.0."),
    )
    origin = forms.URLField(
        label=gettext_lazy("Found at"),
        required=False,
        max_length=2000,
        assume_scheme="https",
    )

    def __init__(self, record, user, *args):
        super().__init__(*args)
        self.record, self.user = record, user

    def clean(self):
        asked = super().clean()
        if not self.errors:
            file = asked.pop("file")
            if file.size > MAX_BYTES:
                raise ValidationError(
                    _("The file is larger than %d MiB.") % (MAX_BYTES >> 20)
                )
            Portrait.add(self.record, file.read(), user=self.user, **asked)
        return asked


class WithPortrait:
    """The part of an admin of records that have portraits."""

    actions_detail = ["portrait"]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_picture"
        view = self.admin_site.admin_view(self.picture)
        pages = [path("<path:object_id>/portrait.jpg", view, name=name)]
        return [*pages, *super().get_urls()]

    def picture(self, request, object_id):
        """The picture, also of a record that is not published yet."""
        record = self.get_object(request, object_id)
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        portrait = record and Portrait.objects.of_record(record)
        if not portrait:
            raise Http404
        answer = FileResponse(portrait.file.open("rb"), content_type="image/jpeg")
        answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return answer

    @action(
        description=gettext_lazy("Picture"),
        url_path="portrait",
        permissions=["change"],
    )
    def portrait(self, request, object_id):
        """Shows the portrait, takes another, or removes it."""
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        form = PortraitForm(record, request.user)
        if request.method == "POST":
            if "remove" in request.POST:
                Portrait.remove(record)
                messages.success(request, _("The picture is removed."))
                return redirect(request.path)
            form = PortraitForm(record, request.user, request.POST, request.FILES)
            if form.is_valid():
                messages.success(request, _("The picture is saved."))
                return redirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "title": f"{self.model.portrait_called}: {record}",
            "opts": self.opts,
            "original": record,
            "record": record,
            "back": self.address_of(record),
            "portrait": Portrait.objects.of_record(record),
            "form": form,
            "picture": address(self.model, "picture", record.pk),
        }
        return TemplateResponse(request, "provenance/portrait.html", context)

    portrait.opens_a_change = True  # nobody waits while a picture is made
