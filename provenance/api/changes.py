"""The feed of what has changed, in the API."""

import base64
import json

from django import forms
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from ..history.feed import EVENTS, FIRST, place_behind, read, tables
from ..models import Dispute
from ..registry.kinds import record_types
from ..tracking.changes import ChangeSet
from ..tracking.time_travel import moment_of
from .fields import address_of, reference
from .filters import StrictFilter
from .paging import DEFAULT_LIMIT, KeysetPagination
from .parameters import Parameter
from .problems import parameter_error, refused_parameters
from .views import CollectionView


class MomentField(forms.Field):
    """A moment, or a day that stands for its end."""

    def clean(self, value):
        return moment_of(value) if value else None


class Since(Parameter):
    """Those after a moment."""

    field_class = MomentField


class ChangeFilter(StrictFilter):
    """What can be asked of the feed."""

    since = Since(
        _(
            "A moment such as 2026-01-31T09:30:00Z, or the `at` of the last entry that "
            "was read: what came after it. A day stands for its end."
        ),
        method="kept",
    )


class ChangeSerializer(serializers.Serializer):
    """One thing that happened to a record."""

    at = serializers.DateTimeField(
        source="change.at",
        help_text=_("When; what was written together has the same moment."),
    )
    event = serializers.ChoiceField(list(EVENTS), help_text=_("What happened to it."))
    type = serializers.ChoiceField(
        list(record_types()), help_text=_("What kind of record it is.")
    )
    slug = serializers.CharField(help_text=_("The new slug."))
    url = serializers.SerializerMethodField(
        help_text=_("Where it is; null if it is not public any more.")
    )
    version = serializers.IntegerField(
        allow_null=True, help_text=_("The version that it had then.")
    )
    fields_changed = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text=_("Of each field that changed: what was, and what is."),
    )
    rows_changed = serializers.DictField(
        child=serializers.ListField(child=serializers.ListField()),
        help_text=_(
            "Of each list of rows that changed, and of the citations: rows as they "
            "were and as they are; null before is new, null after is gone."
        ),
    )
    field = serializers.CharField(
        source="disputed", allow_null=True, help_text=_("Of a dispute: which field.")
    )
    kind = serializers.ChoiceField(
        Dispute.Kind.choices,
        allow_null=True,
        help_text=_("Of a dispute: what sort of contradiction."),
    )
    into = serializers.SerializerMethodField(
        help_text=_("Of what was merged: the record that is in its place.")
    )

    def get_fields(self):
        # Of these names the first is one that every serializer has already.
        names = {"fields_changed": "fields", "rows_changed": "rows"}
        fields = super().get_fields()
        return {names.get(name, name): field for name, field in fields.items()}

    def get_url(self, entry) -> str | None:
        if entry.record is None:
            return None
        return address_of(entry.record, self.context["root"])

    def get_into(self, entry) -> dict | None:
        return entry.into and reference(entry.into, self.context["root"])


class FeedPagination(KeysetPagination):
    """Pages of the feed, from the first change to the last: none is before another."""

    def read(self, request, since, until):
        """The entries of a page."""
        self.request, place = request, place_behind(since) if since else FIRST
        limit = int(request.query_params.get("limit", DEFAULT_LIMIT))
        if text := request.query_params.get("cursor"):
            place = place_of(text)
            if place is None:
                message = _("This list has no such page; follow next.")
                raise refused_parameters([parameter_error("cursor", message)])
        entries, self.behind = read(place, until, limit)
        return entries

    def get_paginated_response(self, data):
        behind = self.behind and cursor_of(self.behind)
        return Response(
            {"next": self.address_of(behind), "previous": None, "results": data}
        )


def cursor_of(place):
    """The text that stands for a place in the feed."""
    text = json.dumps(place, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_of(cursor):
    """The place that a text stands for; None if it was never handed out."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, RecursionError):
        return None
    is_place = (
        isinstance(place, list)
        and len(place) == 3
        and all(type(part) is int and 0 <= part < 2**63 for part in place)
        and place[1] < len(tables())
    )
    return tuple(place) if is_place else None


class ChangeView(CollectionView):
    """What has changed, by meaning: in order, and without a gap."""

    serializer_class = ChangeSerializer
    filterset_class = ChangeFilter
    pagination_class = FeedPagination
    follows_from_record = False  # how far it was read counts what nobody may see

    @classmethod
    def collection(cls):
        return "changes"

    def get_queryset(self):
        return ChangeSet.objects.all()

    @extend_schema(
        description=_(
            "What has changed, by meaning, from the first change to the last. Read to "
            "the end, keep the `at` of the last entry, and ask for what came `since`: "
            "nothing is left out, and nothing comes twice."
        )
    )
    def list(self, request):
        known_at = request.query_params.get("known_at")
        until = moment_of(known_at) if known_at else None
        since = self.filters.form.cleaned_data.get("since")
        entries = self.paginator.read(request, since, until)
        serializer = self.get_serializer()
        return self.get_paginated_response(
            [serializer.to_representation(entry) for entry in entries]
        )
