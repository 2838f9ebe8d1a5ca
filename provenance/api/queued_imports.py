"""Imports over the API that a worker does, and how far they are (RFC 7240)."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_tasks import task
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from ..imports import queue
from ..imports.mapping import Mapping
from ..imports.uploads import Gone, at_once, file_of, own, receive
from ..models import Upload
from ..resources.importing import tables
from .import_answers import ImportedSerializer, answer_to
from .problems import Refused, problem
from .views import ApiView

ASYNC = "respond-async"


class StandingSerializer(serializers.Serializer):
    """An import that a worker does."""

    id = serializers.UUIDField(help_text=_("Its name in addresses."))
    state = serializers.ChoiceField(
        ["queued", "running", "done", "refused", "failed"],
        help_text=_(
            "Whether it waits, goes on, is done, was refused for what is wrong with "
            "the file, or was broken off with nothing written: then it can be sent "
            "again."
        ),
    )
    done = serializers.IntegerField(
        help_text=_(
            "How many rows were looked at; it begins anew where they are gone through "
            "again."
        )
    )
    rows = serializers.IntegerField(help_text=_("How many rows the file has."))
    result = ImportedSerializer(
        allow_null=True, help_text=_("What became of it, once it is done.")
    )
    problem = serializers.DictField(
        allow_null=True,
        help_text=_("Why it was refused, as problem details (RFC 9457)."),
    )


@task()
def carry_out(key):
    """Imports what was sent, and keeps the answer for whoever asks for it."""
    upload = Upload.objects.select_related("user").get(pk=key)
    sheet = file_of(upload)
    mapping = upload.mapping and Mapping.from_toml(upload.mapping)
    imported = queue.follow(key, at_once(upload))
    if imported is None:
        return  # it was done before
    try:
        answer = {"result": answer_to(sheet, imported, mapping)}
    except Refused as refused:
        errors, members = refused.errors, refused.members
        said = problem(refused.status_code, refused.detail, errors, **members)
        answer = {"problem": said}
    Upload.objects.filter(pk=key).update(answer=answer)


def wants_no_answer_now(request):
    """Whether whoever asks would rather come back than wait."""
    preferred = request.headers.get("Prefer", "").split(",")
    return ASYNC in {each.split(";")[0].strip().lower() for each in preferred}


def queued(request, asked, data):
    """The answer to a table that a worker will read."""
    source = asked["source"]
    upload = receive(
        request.user,
        asked["table"],
        f"{asked['table']}.csv",
        data,
        reason=asked["reason"] or "",
        mapping=asked["mapping"],
        source=source.slug if source else "",
        locator=asked["locator"],
        as_of=asked["as_of"],
        set_aside=asked["set_aside"] == "true",
        sheet=asked["sheet"],
    )
    queue.later(carry_out, upload)
    headers = {
        "Location": reverse("import", args=[upload.pk]),
        "Preference-Applied": ASYNC,
    }
    return Response(_standing(upload), status=202, headers=headers)


class QueuedImportView(ApiView):
    """How far an import is that a worker does; only whoever sent it is told."""

    meanings = {403: _("The user of the token may not import this.")}

    @classmethod
    def collection(cls):
        """Its name in addresses."""
        return "imports"

    @extend_schema(responses=StandingSerializer)
    def get(self, request, key):
        if not request.user.is_authenticated:
            raise Http404
        try:
            upload = own(request.user, key, list(tables()))
        except Gone:
            raise Http404 from None
        if upload.task is None:
            raise Http404
        return Response(_standing(upload))


def _standing(upload):
    known, answer = queue.standing(upload), upload.answer or {}
    said = {"result": None, "problem": None, **answer}
    return {
        "id": str(upload.pk),
        "state": "refused" if said["problem"] else known.state,
        "done": known.done,
        "rows": known.rows,
        **said,
    }
