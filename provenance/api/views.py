"""The views of the API: what each does with a request, whatever it is about."""

from contextlib import ExitStack

from django.core.exceptions import ValidationError
from django.http import Http404
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.generics import GenericAPIView
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from ..db.keyset import Keyset, Stretch
from ..history.editions import edition_of
from ..models import BY_DATE, BY_NAME
from ..models.renaming import bearing
from ..review.permissions import may
from ..tracking.time_travel import as_known_at, in_the_past, moment_of
from ..values.asked_time import AskedTime
from ..values.suggestions import close_or_all, close_to
from .exports import WholeTable
from .fields import label_name
from .filters import DatedFilter, FilterBackend
from .geojson import OnTheMap
from .json_queries import fragments_of, kept_fragments_of
from .paging import KeysetPagination
from .parameters import EXCLUDING, BySeveral
from .parsing import MAX_BODY
from .preconditions import tagged
from .problems import (
    TOO_LARGE,
    Refused,
    messages_of,
    parameter_error,
    refused_parameters,
)

MAX_QUERY = 8 * 1024
NO_TEXT = frozenset("\x00\ufffd")  # the second stands for what was not UTF-8


class ApiView(APIView):
    """Bounds, strict parameters, and headers that keep caches from mixing people up."""

    empty_allowed: tuple[str, ...] = ()
    most_bytes = MAX_BODY  # of a body

    def initial(self, request, *args, **kwargs):
        # Django reads the query in the charset of the body; no URL has one.
        request._request.encoding = "utf-8"
        if len(request.META.get("QUERY_STRING", "")) > MAX_QUERY:
            raise Refused(_("The query is longer than 8 KiB."), status=414)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > self.most_bytes:
            raise Refused(TOO_LARGE, status=413)
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:  # whatever was asked of it
            raise MethodNotAllowed(request.method)
        if faults := list(self.faults(request.query_params)):
            raise refused_parameters(faults)

    def faults(self, given):
        """What is wrong with the query parameters: unknown, doubled, empty, no text."""
        known = self.parameters()
        for name, values in given.lists():
            if name not in known:
                choice = sorted(n for n in known if not n.endswith(EXCLUDING))
                close = close_to(name, known) or close_or_all(name, choice)
                message = _("There is no such parameter%s") % close
                yield parameter_error(name[:100], message, "unknown")
            elif len(values) > 1 and name not in self.repeatable():
                yield parameter_error(name, self.told_twice(name), "twice")
            elif not all(values) and name not in self.empty_allowed:
                message = _("It is empty; give a value or leave it out.")
                yield parameter_error(name, message, "empty")
            elif NO_TEXT.intersection("".join(values)):
                message = _("It is no text in UTF-8, or has a NUL in it.")
                yield parameter_error(name, message, "no_text")

    def parameters(self):
        """The names of the query parameters that are known here."""
        return set()

    def repeatable(self):
        """The names of those that can be given several times."""
        return set()

    def told_twice(self, name):
        """What is wrong with giving this one several times."""
        return _("It is given twice.")

    def may_write(self, request):
        """Whether the user may do what is asked, as far as the address tells."""
        return False

    def asked_reason(self):
        """Why something is changed, as the header ``X-Change-Reason`` gives it."""
        text = self.request.headers.get("X-Change-Reason", "")
        # WSGI hands headers out as Latin-1; what was sent is UTF-8.
        text = text.encode("latin-1", "replace").decode("utf-8", "replace")[:500]
        return "".join(sign for sign in text if sign.isprintable()).strip() or None

    def options(self, request, *args, **kwargs):
        return Response(status=204)

    def finalize_response(self, request, response, *args, **kwargs):
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Authorization"])
        if "Authorization" in request.headers:
            patch_cache_control(response, private=True, no_store=True)
        elif "Cache-Control" not in response:
            patch_cache_control(response, no_cache=True)  # ask, and be told 304
        return response


class NoSuchAddress(ApiView):
    """Answers for every address under the API that is none."""

    schema = None

    def initial(self, request, *args, **kwargs):
        self.format_kwarg = None
        raise Http404


class CollectionView(ViewSetMixin, ApiView, GenericAPIView):
    """A list, page by page, and what is behind each of its addresses."""

    filter_backends = [FilterBackend]
    pagination_class = KeysetPagination
    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9-]{1,100}"
    follows_from_record = True  # its list is the same while the public record is

    def dispatch(self, request, *args, **kwargs):
        """Answers; what is entered in ``answering`` meanwhile is left in any case."""
        with ExitStack() as self.answering:
            return super().dispatch(request, *args, **kwargs)

    def parameters(self):
        known = {"known_at"} if self.action in ("list", "retrieve") else set()
        if self.action == "list":
            given = self.request.query_params if self.request else ()
            known |= {*self.filterset_class.names(given), *self.paginator.parameters}
        return known

    def of_several(self):
        """The parameters of the list that take alternatives, by name."""
        known = self.filterset_class.base_filters if self.action == "list" else {}
        return {n: each for n, each in known.items() if isinstance(each, BySeveral)}

    def repeatable(self):
        return {n for n, each in self.of_several().items() if each.repeatable()}

    def told_twice(self, name):
        if name not in self.of_several():
            return super().told_twice(name)
        message = _("A record has only one; for either of several, write %s=a,b.")
        return message % name

    def faults(self, given):
        yield from super().faults(given)
        yield from self.faults_of_moment(given)
        if self.action == "list":
            self.filters = self.filters_asking(given)
            yield from self.filters.faults()
            yield from self.paginator.faults(given)

    def filters_asking(self, given):
        """The filters of the list with what is asked of them."""
        if self.everything():
            return self.filterset_class(given, self.get_queryset()).of_everything()
        return self.filterset_class.asking(given, self.get_queryset)

    def faults_of_moment(self, given):
        """What is wrong with ``known_at``; if nothing is, all is read as of then."""
        text = given.get("known_at")
        if text and "known_at" in self.parameters():
            try:
                moment = moment_of(text)
            except ValidationError as error:
                for message, code in messages_of(error):
                    yield parameter_error("known_at", message, code)
            else:
                # The token has been looked up by now, the filters look up theirs next.
                self.answering.enter_context(as_known_at(moment))

    def writes(self):
        """Whether the request changes something: then the user has been asked for."""
        return self.request is not None and self.request.method not in SAFE_METHODS

    @property
    def documents(self):
        """Whether it is the documentation that asks, and nobody in particular."""
        return getattr(self, "swagger_fake_view", False)

    def everything(self):
        """Whether drafts and what only curators see are shown."""
        if self.documents or self.writes():
            return True
        return self.action != "list" and self.permits("change", self.model)

    def shown(self, record):
        """One record as the request asks for it."""
        return self.get_serializer().to_representation(record)

    def answer(self, record, **options):
        """One record, and the tag that says which version of it this is."""
        return tagged(Response(self.shown(record), **options), record.version)

    # A list

    def stretches(self):
        """The rows that the request asks for, table by table."""
        raise NotImplementedError

    def shown_of(self, rows):
        """Rows as they are shown."""
        raise NotImplementedError

    def order_name(self):
        """The name of the order that they are in; empty if there is but one."""
        return ""

    def list(self, request, *args, **kwargs):
        rows = self.paginator.paginate(
            list(self.stretches()), request, self.order_name()
        )
        return self.get_paginated_response(self.shown_of(rows))

    # What is asked

    def permits(self, verb, model):
        """Whether the user may do this to such records."""
        return may(self.request.user, verb, model)

    def get_serializer_context(self):
        """What serializers ask of the request; the documentation has none."""
        context = super().get_serializer_context()
        if self.documents:
            return context
        return {
            **context,
            "root": self.request.build_absolute_uri(reverse("api")),
            "everything": self.everything(),
            "fields": self.asked_fields(),
            "time": self.asked_time(),
            "holds": bool(self.asked_time()),
            "reason": self.asked_reason(),
            "single": self.action != "list",
        }

    def asked_fields(self):
        """The names of the fields that the request asks for; none for all."""
        text = self.request.query_params.get("fields")
        return [name.strip() for name in text.split(",")] if text else []

    def asked_time(self):
        """When the records held that the request asks for."""
        return AskedTime()


def moved(request, name, record):
    """The way to what bore another slug before, with the same method and body."""
    address = reverse(name, kwargs={"slug": record.slug})
    if query := request.META["QUERY_STRING"]:
        address = f"{address}?{query}"
    location = request.build_absolute_uri(address)
    return Response(status=308, headers={"Location": location})


class RecordView(OnTheMap, WholeTable, CollectionView):
    """One collection of records; its serializer says of which."""

    default_order = "slug"

    # What it is about

    @property
    def model(self):
        return self.get_serializer_class().Meta.model

    @classmethod
    def collection(cls):
        """Its name in addresses."""
        return cls.serializer_class.Meta.model.collection

    def everything(self):
        """Lists show who may change such records what is not published as well."""
        if self.documents or self.action != "list":
            return super().everything()
        return self.permits("change", self.model)

    def get_queryset(self):
        """What whoever asks may see."""
        return self.model.objects.seen(self.everything())

    def may_write(self, request):
        verbs = {"POST": "add", "DELETE": "delete"}
        return self.permits(verbs.get(request.method, "change"), self.model)

    # How it is asked

    def parameters(self):
        known = super().parameters()
        if self.action == "list":
            known |= {"ordering", "fields"}
        elif self.action == "retrieve":
            known |= {"fields"}
        return known

    def orders(self):
        """The columns that each name to order by stands for; the last is unique."""
        label = label_name(self.model)
        orders = {"slug": ("slug",)}
        if hasattr(self.model, label):
            orders[label] = (BY_NAME, "id")
        if issubclass(self.filterset_class, DatedFilter):
            start = self.model.span[0]
            orders[start] = (f"{start}_earliest", "id")
        return {**orders, "updated_at": ("updated_at", "id")}

    def asked_order(self):
        """The order that the request asks for: its name, and the columns."""
        name = self.request.query_params.get("ordering") or self.default_order
        return name, Keyset(self.orders()[name.removeprefix("-")], name.startswith("-"))

    def faults(self, given):
        yield from super().faults(given)
        orders, name = self.orders(), given.get("ordering")
        if name and name.removeprefix("-") not in orders:
            message = _("It can be one of %s; with - in front, backwards.")
            yield parameter_error("ordering", message % ", ".join(orders))
        known = self.known_fields() if self.asked_fields() else ()
        for name in self.asked_fields():
            if name not in known:
                message = _("There is no field “%(name)s”%(close)s") % {
                    "name": name[:100],
                    "close": close_or_all(name, list(known)),
                }
                yield parameter_error("fields", message, "unknown")

    def asked_time(self):
        """When what is asked for held, which the filters have read by now."""
        filters = getattr(self, "filters", None)
        return filters.asked_time() if filters else AskedTime()

    # What it does

    def listed(self):
        """The list as one query: what may be seen, and is asked for."""
        return self.filter_queryset(self.get_queryset())

    def stretches(self):
        _name, keyset = self.asked_order()
        rows = self.listed()
        parts = [rows, *self.parts_by_index(rows, keyset)]
        named = (part.values_list("pk", *keyset.columns, named=True) for part in parts)
        rows, *parts = named
        yield Stretch("", rows, keyset, tuple(parts))

    def parts_by_index(self, rows, keyset):
        """The list in parts, each of which is read along an index in its order.

        By status, for who sees them all; by length, where what held on a day is asked
        in the order of starts. History has neither of these.
        """
        if in_the_past():
            return []
        if self.everything():
            return rows.by_status()
        if keyset.columns[0] != BY_DATE[1]:
            return []
        since = self.asked_time().earliest
        return rows.by_length(since) if since else []

    def order_name(self):
        name, _keyset = self.asked_order()
        return name

    def shown_of(self, rows):
        keys, serializer = [row.pk for row in rows], self.get_serializer()
        if not self.everything():
            if self.asked_format() or in_the_past():
                return fragments_of(serializer, self.get_queryset, keys)
            edition = edition_of(self.request._request)
            return kept_fragments_of(serializer, self.get_queryset, keys, edition)
        records = list(serializer.prepared(self.get_queryset().filter(pk__in=keys)))
        keys_of = [record.pk for record in records]
        shown = dict(zip(keys_of, serializer.shown_of(records), strict=True))
        return [shown[key] for key in keys if key in shown]

    def retrieve(self, request, slug):
        return self.answer(self.found(slug=slug))

    def handle_exception(self, error):
        if isinstance(error, Http404) and (slug := self.kwargs.get("slug")):
            record = bearing(self.get_queryset(), slug)
            if record is not None and record.slug != slug:
                return moved(self.request, f"{self.collection()}-detail", record)
        return super().handle_exception(error)

    def shown(self, record):
        return self.get_serializer().shown_of([record])[0]

    def found(self, **key):
        """One record, with all that the request asks for."""
        records = self.get_serializer().prepared(self.get_queryset())
        record = records.filter(**key).first()
        if record is None:
            raise Http404
        return record
