"""The admin site: its sections, its dashboard, its search."""

from functools import wraps
from operator import itemgetter
from time import perf_counter

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from ..models import Record, Source, readings_of
from ..tracking.changes import ChangeSet, changing
from ..values.folding import fold
from ..values.humanize import FIELDS, meaning_of, offered
from .addresses import led_back
from .current_source import current_source, start_entering, stop_entering
from .desk import first_steps, in_each_status, tasks, told
from .disputes import DisputePages
from .entering import entered_kinds
from .interrupted import TYPED
from .sessions import SessionPages
from .signing_in import SignInPages
from .teamwork import TeamworkPages

SHELVES = {
    "who": gettext_lazy("People, agencies and places"),
    "happened": gettext_lazy("Events"),
    "measured": gettext_lazy("Metrics and observations"),
    "sources": gettext_lazy("Sources and provenance"),
    "people": gettext_lazy("Users"),
}
FOUND_OF_EACH = 10
MAX_REASON = 1000
MAX_KEY = 19  # digits of a key, on every database
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


class Choices(AutocompleteJsonView):
    """What a relation may be set to, each told from its like."""

    def serialize_result(self, obj, to_field_name):
        return {
            "id": str(getattr(obj, to_field_name)),
            "text": self.model_admin.label_of(obj),
        }


class CuratorsSite(
    DisputePages, TeamworkPages, SessionPages, SignInPages, UnfoldAdminSite
):
    """The admin, arranged by what the record is about."""

    index_template = "provenance/desk.html"
    index_title = gettext_lazy("Dashboard")

    def admin_view(self, view, cacheable=False):
        """A page of the admin; whatever a request to it writes is one change.

        A page that ``opens_a_change`` of another path, with a reason, does so itself.
        """

        @wraps(view)
        def within_a_change(request, *args, **kwargs):
            if request.method in SAFE_METHODS or hasattr(view, "opens_a_change"):
                return view(request, *args, **kwargs)
            with changing(_path_of(request), reason=_reason_of(request)):
                return view(request, *args, **kwargs)

        @wraps(within_a_change)
        def shown_if_sent_before(request, *args, **kwargs):
            if TYPED in request.POST:
                return self.shown_again(request, within_a_change, *args, **kwargs)
            return within_a_change(request, *args, **kwargs)

        of_staff = super().admin_view(shown_if_sent_before, cacheable)

        @wraps(of_staff)
        def keeping_what_was_sent(request, *args, **kwargs):
            if _is_sign_out(request):  # whoever they are
                return self.logout(request)
            if self.lacks_second_factor(request):
                return HttpResponseRedirect(self.second_factor_address())
            if request.method != "POST":
                return of_staff(request, *args, **kwargs)
            if not self.has_permission(request):
                return self.ask_to_sign_in(request)
            try:
                return of_staff(request, *args, **kwargs)
            except PermissionDenied:
                return self.refused(request)

        return keeping_what_was_sent

    def extra_urls(self):
        changes = self.get_model_admin(ChangeSet)
        return [
            path("meaning/", self.admin_view(self.meaning), name="meaning"),
            path(
                "source-in-hand/",
                self.admin_view(self.choose_current_source),
                name="current_source",
            ),
            *changes.get_pages(),
            *self.dispute_urls(),
            *self.second_factor_urls(),
            *self.session_urls(),
            *self.teamwork_urls(),
        ]

    def each_context(self, request):
        """What every page of the admin is told: also of the current source."""
        context = super().each_context(request)
        if request.user.is_authenticated and (source := current_source(request)):
            context |= {
                "current_source": source,
                "enter_into": [
                    (admin.opts.verbose_name, admin.add_address())
                    for admin in entered_kinds(self, request)
                ],
            }
        return context

    def choose_current_source(self, request):
        """Starts to enter the source of a form, or stops entering the one there is."""
        if request.method != "POST":
            return led_back(request, reverse("admin:index"))
        key = request.POST.get("source", "")
        if key.isdecimal() and len(key) < MAX_KEY:
            admin = self.get_model_admin(Source)
            source = admin.get_queryset(request).filter(pk=key).first()
            if source is None or not admin.has_view_permission(request, source):
                raise Http404
            start_entering(request, source)
        else:
            stop_entering(request)
        return redirect("admin:index")

    def meaning(self, request):
        """What a typed date or number means, or what may be meant by it."""
        kind, text = request.GET.get("kind", ""), request.GET.get("text", "")
        if kind not in FIELDS:
            return HttpResponseBadRequest(
                _("Say which kind: %s.") % ", ".join(FIELDS), content_type="text/plain"
            )
        try:
            return JsonResponse({"meaning": meaning_of(kind, text)})
        except ValidationError as error:
            readings = offered(kind, text)
            return JsonResponse(
                {"error": " ".join(error.messages), "readings": readings}
            )

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)

    def shelves(self, request):
        """What this person may see, shelf by shelf."""
        found = {key: [] for key in SHELVES}
        for model_admin in self._registry.values():
            shelf = getattr(model_admin, "shelf", "")
            if shelf and model_admin.has_view_permission(request):
                found[shelf].append(model_admin)
        return [(SHELVES[key], admins) for key, admins in found.items() if admins]

    def get_sidebar_list(self, request):
        desk = reverse("admin:index")
        groups = [
            {
                "items": [
                    {
                        "title": _("Dashboard"),
                        "icon": "dashboard",
                        "link": desk,
                        "active": request.path == desk,
                        "has_permission": True,
                    }
                ]
            }
        ]
        for title, admins in self.shelves(request):
            links = [(admin, admin.list_address()) for admin in admins]
            groups.append(
                {
                    "title": title,
                    "separator": True,
                    "items": [
                        {
                            "title": capfirst(admin.opts.verbose_name_plural),
                            "icon": admin.icon,
                            "link": link,
                            "active": request.path.startswith(link),
                            "has_permission": True,
                        }
                        for admin, link in links
                    ],
                }
            )
            if title == SHELVES["sources"]:
                groups[-1]["items"] += self.dispute_links(request)
        return groups

    def index(self, request, extra_context=None):
        """The desk: what waits, how much there is of everything, and how far it is."""
        on_desk = [
            (title, [admin for admin in admins if _on_desk(admin)])
            for title, admins in self.shelves(request)
        ]
        numbers = in_each_status([admin for _title, few in on_desk for admin in few])
        shelves = [
            (title, [_progress(admin, numbers[admin]) for admin in admins])
            for title, admins in on_desk
            if admins
        ]
        found = list(tasks(request, numbers))
        is_empty = not any(any(of.values()) for of in numbers.values())
        context = {
            "tasks": found,
            "waiting": self.waiting_for_me(request),
            "idle": [task for task in found if not task.lines],
            "first_steps": first_steps(request, numbers) if is_empty else [],
            "shelves": shelves,
            "statuses": [capfirst(label) for _value, label in Record.Status.choices],
        }
        return super().index(request, {**context, **(extra_context or {})})

    def search(self, request, extra_context=None):
        """Finds records by any of their names, and lists by what they are called."""
        text, begun = request.GET.get("s", ""), perf_counter()
        if not fold(text):
            return HttpResponse()
        results = [
            *self._lists_called(request, text),
            *self._records_named(request, text),
        ]
        page = Paginator(results, max(1, len(results))).get_page(1)
        return TemplateResponse(
            request,
            "unfold/helpers/command_results.html",
            {
                "search_term": text,
                "page_obj": page.paginator,
                "results": page,
                "page_counter": 0,
                "execution_time": perf_counter() - begun,
                "command_show_history": False,
            },
            headers={"HX-Trigger": "search"},
        )

    def _lists_called(self, request, text):
        return [
            SearchResult(
                title=capfirst(admin.opts.verbose_name_plural),
                description=str(shelf),
                link=admin.list_address(),
                icon=admin.icon,
            )
            for shelf, admins in self.shelves(request)
            for admin in admins
            if fold(text) in fold(admin.opts.verbose_name_plural)
        ]

    def _records_named(self, request, text):
        admins = [
            admin
            for _shelf, admins in self.shelves(request)
            for admin in admins
            if _on_desk(admin)
        ]
        seen = [admin.get_queryset(request) for admin in admins]
        try:
            readings = readings_of(text, seen)
        except ValidationError:
            return []
        found = [
            (near, admin, record)
            for admin, rows in zip(admins, seen, strict=True)
            for near, record in rows.nearest(readings, FOUND_OF_EACH)
        ]
        return [
            SearchResult(
                title=admin.label_of(record),
                description=str(admin.opts.verbose_name),
                link=admin.address_of(record),
                icon=admin.icon,
            )
            for _near, admin, record in sorted(found, key=itemgetter(0))
        ]


def _is_sign_out(request):
    return request.path == reverse("admin:logout")


def _path_of(request):
    """The way by which a request writes, told from its address."""
    page = request.resolver_match.url_name or ""
    if page.endswith("_changelist"):
        return ChangeSet.Path.ACTION
    return ChangeSet.Path.IMPORT if "import" in page else ChangeSet.Path.FORM


def _reason_of(request):
    """Why somebody makes a change, as typed beside the button that makes it."""
    text = request.POST.get("change_reason", "")
    return "".join(sign for sign in text if sign.isprintable()).strip()[:MAX_REASON]


def _on_desk(model_admin):
    return getattr(model_admin, "on_desk", False)


def _progress(model_admin, numbers):
    """How many records of one kind there are in each status."""
    address = model_admin.list_address()
    return {
        "title": capfirst(model_admin.opts.verbose_name_plural),
        "icon": model_admin.icon,
        "address": address,
        "total": told(sum(numbers.values())),
        "numbers": [
            {
                "number": number,
                "told": told(number),
                "address": f"{address}?status__exact={status}",
            }
            for status, number in numbers.items()
        ],
    }
