"""The addresses of the API, made of the kinds of record that there are."""

from django.urls import include, path, re_path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import conditional_page
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.response import Response

from ..history.editions import same_in_one_edition
from ..registry.kinds import record_types
from .changes import ChangeView
from .citations import CitationView
from .disputes import DisputeView
from .imports import ImportView
from .queued_imports import QueuedImportView
from .search import SearchView
from .support import ComparisonView, ReliancesView
from .views import ApiView
from .writes import WritesRecords, view_of

KEY = "(?P<key>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
ADDRESSES = {
    "type": "object",
    "additionalProperties": {"type": "string", "format": "uri"},
}


class Index(ApiView):
    """Where everything is."""

    collections: tuple[str, ...] = ()

    @extend_schema(
        responses={200: ADDRESSES},
        description=_("The addresses of all collections and of the documentation."),
    )
    def get(self, request):
        root = request.build_absolute_uri(request.path.rstrip("/") + "/")
        return Response({name: f"{root}{name}/" for name in self.collections})


class Schema(ApiView, SpectacularJSONAPIView):
    """The API in OpenAPI 3.1."""


class Docs(SpectacularSwaggerSplitView):
    """The API, to be read and tried in a browser."""

    url_name = "schema"


def route(pattern, view, name):
    """The addresses of a view: with a slash at the end, and for typists without."""
    view = conditional_page(view)  # what has not changed is answered by 304
    return [
        re_path(rf"^{pattern}/\Z", view, name=name),
        re_path(rf"^{pattern}\Z", view),
    ]


def collection_routes(view):
    """The addresses of one collection."""
    name, listing, detail = view.collection(), {"get": "list"}, {"get": "retrieve"}
    if issubclass(view, WritesRecords):
        listing["post"] = "create"
        detail |= {"put": "update", "patch": "partial_update", "delete": "destroy"}
    elif hasattr(view, "partial_update"):
        detail["patch"] = "partial_update"
    list_view = view.as_view(listing)
    if view.follows_from_record:
        list_view = same_in_one_edition(list_view)
    patterns = route(name, list_view, f"{name}-list")
    if hasattr(view, "retrieve"):
        key = view.lookup_url_kwarg or view.lookup_field
        one = rf"{name}/(?P<{key}>{view.lookup_value_regex})"
        patterns += route(one, view.as_view(detail), f"{name}-detail")
    return patterns


def question_routes(view):
    """The addresses of what is asked of one source."""
    name = view.collection()
    one = rf"{name}/(?P<slug>{view.lookup_value_regex})/{view.question}"
    return route(one, view.as_view({"get": "list"}), view.route_name())


def answer_routes(view):
    """The addresses of what is worked out of a collection."""
    answer = same_in_one_edition(view.as_view({"get": "list"}))
    return route(view.address(), answer, view.route_name())


def routes(*others, files=(), answers=(), services=()):
    """The addresses of the API: of all kinds of record, other collections, files, and
    services in the protocols of others.

    What is in a file, and what is worked out of a collection, follows from the public
    record.
    """
    views = [*map(view_of, record_types().values()), *others]
    names = [
        view.collection()
        for view in (*views, CitationView, DisputeView, ChangeView, SearchView)
    ]
    named = (*names, *(view.name for view in (*files, *services)), "schema", "docs")
    index = Index.as_view(collections=named)
    docs = path("docs/", Docs.as_view(), name="page")
    return [
        path("", index, name="api"),
        # Before the collections, in which their names would be slugs.
        *(pattern for view in answers for pattern in answer_routes(view)),
        *(pattern for view in views for pattern in collection_routes(view)),
        *question_routes(ReliancesView),
        *question_routes(ComparisonView),
        *collection_routes(CitationView),
        *collection_routes(DisputeView),
        *collection_routes(ChangeView),
        *collection_routes(SearchView),
        *(
            each
            for view in files
            for each in route(view.name, same_in_one_edition(view.as_view()), view.name)
        ),
        *(pattern for service in services for pattern in service.routes()),
        *route("imports", ImportView.as_view(), "imports"),
        *route(f"imports/{KEY}", QueuedImportView.as_view(), "import"),
        *route("schema", Schema.as_view(), "schema"),
        # A namespace of its own: its pages may style themselves (settings).
        path("", include(([docs], "api-docs"))),
    ]
