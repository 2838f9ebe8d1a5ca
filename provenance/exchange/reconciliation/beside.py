"""The addresses beside that of the service: suggestions, and what one record is."""

from functools import cached_property

from csp.decorators import csp_replace
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_exempt
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from ...api.problems import parameter_error, refused_parameters
from ...models.renaming import bearing
from ...pages.addresses import page_of
from .answers import (
    properties_of,
    slug_in,
    suggested_properties,
    suggested_records,
    suggested_types,
)
from .bases import LenientView
from .kinds import identifier_of, reconciled_kinds

SUGGESTED = 20

PREFIX = OpenApiParameter(
    "prefix", description=gettext_lazy("What has been typed so far.")
)
CURSOR = OpenApiParameter(
    "cursor", int, description=gettext_lazy("How many suggestions to pass over.")
)
TYPE = OpenApiParameter(
    "type", description=gettext_lazy("The id of a type: of that one alone.")
)
LIMIT = OpenApiParameter("limit", int, description=gettext_lazy("How many at most."))
ID = OpenApiParameter(
    "id", required=True, description=gettext_lazy("The id of a record: officials/…")
)


class SuggestedRecords(LenientView):
    """Records whose names begin with what has been typed."""

    name, known = "suggest/entity", ("prefix", "cursor", "type")

    @extend_schema(
        parameters=[PREFIX, CURSOR, TYPE],
        responses={200: OpenApiTypes.OBJECT},
        description=gettext_lazy("Records of which the names begin so."),
    )
    def get(self, request):
        text, first = (
            self.asked.get("prefix", "").strip(),
            int(self.asked.get("cursor", 0)),
        )
        try:
            found = (
                suggested_records(text, self.kinds, first, SUGGESTED) if text else []
            )
        except ValidationError as error:
            fault = parameter_error("prefix", error.messages[0], error.code)
            raise refused_parameters([fault]) from None
        return Response({"result": found})


class SuggestedProperties(LenientView):
    """Properties whose names have in them what has been typed."""

    name, known = "suggest/property", ("prefix", "cursor", "type")

    @extend_schema(
        parameters=[PREFIX, CURSOR, TYPE],
        responses={200: OpenApiTypes.OBJECT},
        description=gettext_lazy("Properties that have this in their names."),
    )
    def get(self, request):
        found = suggested_properties(self.asked.get("prefix", ""), self.kinds)
        return Response({"result": found[int(self.asked.get("cursor", 0)) :]})


class SuggestedTypes(LenientView):
    """Types whose names have in them what has been typed."""

    name, known = "suggest/type", ("prefix", "cursor")

    @extend_schema(
        parameters=[PREFIX, CURSOR],
        responses={200: OpenApiTypes.OBJECT},
        description=gettext_lazy("Types that have this in their names."),
    )
    def get(self, request):
        found = suggested_types(self.asked.get("prefix", ""))
        return Response({"result": found[int(self.asked.get("cursor", 0)) :]})


class ProposedProperties(LenientView):
    """The properties of a type, to be fetched."""

    name, known = "properties", ("type", "limit")

    @extend_schema(
        parameters=[TYPE, LIMIT],
        responses={200: OpenApiTypes.OBJECT},
        description=gettext_lazy("The properties that can be fetched of records."),
    )
    def get(self, request):
        found = properties_of(self.kinds)
        limit = int(self.asked.get("limit", len(found)))
        answer = {"properties": found[:limit], "limit": limit}
        return Response(
            answer | {name: v for name, v in self.asked.items() if name == "type"}
        )


class OneView(LenientView):
    """What is shown of one record, by its id."""

    known = ("id",)
    meanings = {404: gettext_lazy("There is no such record, or none that is public.")}

    @cached_property
    def kind_and_record(self):
        """Its kind, and the record; Http404 for none."""
        for kind in reconciled_kinds().values():
            slug = slug_in(self.asked.get("id", ""), kind)
            if record := slug and bearing(kind.model.objects.published(), slug):
                return kind, record
        raise Http404


class View(OneView):
    """Leads to the page of a record."""

    name = "view"

    @extend_schema(
        parameters=[ID],
        responses={302: None},
        description=gettext_lazy("Leads to the page of a record."),
    )
    def get(self, request):
        _kind, record = self.kind_and_record
        return HttpResponseRedirect(request.build_absolute_uri(page_of(record)))


@method_decorator(xframe_options_exempt, name="dispatch")
@method_decorator(csp_replace({"frame-ancestors": ["*"]}), name="dispatch")
class Preview(OneView):
    """What a record is, in a small frame on the page of another site."""

    name = "preview"

    @extend_schema(
        parameters=[ID],
        responses={(200, "text/html"): OpenApiTypes.STR},
        description=gettext_lazy("What a record is, as a small page for a frame."),
    )
    def get(self, request):
        kind, record = self.kind_and_record
        (record,) = kind.read(Q(pk=record.pk)).values()
        told = {
            "record": record,
            "identifier": identifier_of(record),
            "kind": kind.type["name"],
            "description": kind.descriptions([record])[record.pk],
            "facts": kind.facts(record),
            "address": page_of(record),
        }
        return render(request, "exchange/preview.html", told)


BESIDE = (
    SuggestedRecords,
    SuggestedProperties,
    SuggestedTypes,
    ProposedProperties,
    View,
    Preview,
)
