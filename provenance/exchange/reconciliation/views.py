"""The service itself, and where all of it is."""

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.response import Response

from ...api.parsing import PlainParser
from ...api.problems import parameter_error, refused_parameters
from ...api.routes import route
from .answers import extended, results_of
from .bases import NAME, ServiceView
from .beside import BESIDE
from .kinds import reconciled_kinds
from .queries import MAX_QUERIES, read_extension, read_queries

PREVIEW = {"width": 430, "height": 300}


class FormParser(PlainParser):
    """The form in which the protocol sends its JSON."""

    media_type = "application/x-www-form-urlencoded"
    wanted = gettext_lazy("Send a form, as application/x-www-form-urlencoded.")

    def parse(self, stream, media_type=None, parser_context=None):
        body = super().parse(stream, media_type, parser_context)
        return QueryDict(body, encoding="utf-8")


class Reconciliation(ServiceView):
    """The service itself: what it is, and what it answers."""

    name = NAME
    parser_classes = [FormParser]

    @classmethod
    def routes(cls):
        """The addresses of the service, below that of the API."""
        beside = {f"{cls.name}/{view.name}": view for view in BESIDE}
        return [
            pattern
            for name, view in {cls.name: cls, **beside}.items()
            for pattern in route(name, view.as_view(), name)
        ]

    @classmethod
    def collection(cls):
        """Its name in the documentation."""
        return cls.name

    def parameters(self):
        return {"queries", "extend"}

    def faults(self, given):
        yield from super().faults(given)
        if len(given.keys() & self.parameters()) > 1:
            message = _("Ask either for candidates or for values to fetch.")
            yield parameter_error("extend", message)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "queries",
                description=gettext_lazy(
                    "A batch of at most 50 reconciliation queries by their keys, as "
                    "JSON."
                ),
            ),
            OpenApiParameter(
                "extend",
                description=gettext_lazy(
                    "A data extension query, as JSON: ids of records, and properties "
                    "to fetch of them."
                ),
            ),
        ],
        responses={200: OpenApiTypes.OBJECT},
        description=gettext_lazy(
            "The Reconciliation Service API 0.2, by which OpenRefine and other "
            "programs match names with records. Without parameters its manifest, with "
            "`queries` the candidates for each, with `extend` values of records."
        ),
    )
    def get(self, request):
        asked = request.query_params
        return Response(self.answer(asked) if asked else self.manifest())

    @extend_schema(
        request={
            FormParser.media_type: {
                "type": "object",
                "properties": {
                    "queries": {"type": "string"},
                    "extend": {"type": "string"},
                },
            }
        },
        responses={200: OpenApiTypes.OBJECT},
        description=gettext_lazy(
            "The same with `queries` or `extend` in a form, which may be longer. It "
            "only reads."
        ),
    )
    def post(self, request):
        given = request.data or QueryDict()  # of an empty body there is no parsing
        faults = list(self.faults(given))
        if not given:
            message = _("Send “queries” or “extend”, as JSON.")
            faults.append(parameter_error("queries", message, "required"))
        if faults:
            raise refused_parameters(faults)
        return Response(self.answer(given))

    def answer(self, asked):
        """What the protocol answers to this."""
        if text := asked.get("extend"):
            return extended(read_extension(text))
        queries = read_queries(asked["queries"])
        return dict(zip(queries, results_of(list(queries.values())), strict=True))

    def manifest(self):
        """What the service is, and what it can do."""
        root = self.request.build_absolute_uri(reverse("api"))
        here = self.request.build_absolute_uri(reverse(self.name))
        return {
            "versions": ["0.2"],
            "name": f"bordersec ({self.request.get_host()})",
            "identifierSpace": root,
            "schemaSpace": self.request.build_absolute_uri(reverse("schema")),
            "documentation": self.request.build_absolute_uri(reverse("api-docs:page")),
            "defaultTypes": [kind.type for kind in reconciled_kinds().values()],
            "batchSize": MAX_QUERIES,
            "view": {"url": f"{here}view/?id={{{{id}}}}"},
            "preview": {"url": f"{here}preview/?id={{{{id}}}}", **PREVIEW},
            "suggest": {
                what: {"service_url": here, "service_path": f"suggest/{what}/"}
                for what in ("entity", "property", "type")
            },
            "extend": {
                "propose_properties": {
                    "service_url": here,
                    "service_path": "properties/",
                },
                "property_settings": [],
            },
        }
