"""Saved views of lists, and the choice of their columns."""

from copy import copy
from functools import cache

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import (
    PermissionDenied,
    SuspiciousOperation,
    ValidationError,
)
from django.db.models import Max, Q
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..models import ChangeSet, SavedView, Watch
from ..teamwork.matters import RECENT
from ..values.bounds import BoundedTextField
from ..values.humanize import readable
from .addresses import led_back

VIEW = "view"  # the parameter that names one
MORE = ("slug", "public_note", "updated_at")  # columns of every kind
SHOWN, CHANGED = 50, 500  # views, and rows of history in which changes are looked for
WATCHED = 10  # views of which one is told
NOT_KEPT = ("p", "e", VIEW, "all")  # what a view does not say: pages, errors


class SavedViews:
    """The part of a list's admin by which it is seen as somebody wants to."""

    list_before_template = "provenance/saved_views.html"

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_views"
        view = self.admin_site.admin_view(self.saved_views)
        return [path("views/", view, name=name), *super().get_urls()]

    # which columns

    def get_list_display(self, request):
        """The columns of the chosen view, or as its user wants them, or the usual."""
        own = super().get_list_display(request)
        chosen = self.chosen_view(request)
        known = self.columns_offered(own)
        wanted = [name for name in (chosen.columns if chosen else ()) if name in known]
        return [known[name] for name in wanted] or own

    def columns_offered(self, own):
        """Every column that the list can have: by its name, what is put into it."""
        extra = [*self.model.columns, *MORE]
        names = {column.name for column in self.model._meta.concrete_fields}
        return {name: name for name in own} | {
            name: column_of(self.model, name)
            for name in extra
            if name in names and name not in own
        }

    def for_list(self, queryset):
        shown = super().for_list(queryset)
        # Joined whether shown or not: the rows of a page are few.
        related = [
            column.name
            for column in self.model._meta.concrete_fields
            if column.is_relation and column.name in self.model.columns
        ]
        return shown.select_related(*related) if related else shown

    # which view

    def views_of(self, user):
        """Those that somebody is offered: their own, and what others share."""
        views = SavedView.objects.filter(list_name=self.opts.label_lower)
        return views.filter(Q(user=user) | Q(is_shared=True)).select_related("user")

    def chosen_view(self, request):
        """The view that the address names, or how its user sees the list otherwise."""
        if not hasattr(request, "_chosen_view"):
            key = request.GET.get(VIEW, "")
            views = self.views_of(request.user)
            chosen = None
            if key.isdecimal() and len(key) < 19:
                chosen = views.filter(pk=key).first()
            if chosen is None:
                chosen = views.filter(user=request.user, name="").first()
            request._chosen_view = chosen
        return request._chosen_view

    def changelist_view(self, request, extra_context=None):
        chosen = self.chosen_view(request)
        own = super().get_list_display(request)
        offered = self.columns_offered(own)
        shown = [name for name in (chosen.columns if chosen else ()) if name in offered]
        shown = shown or list(own)
        rest = [name for name in offered if name not in shown]
        named = self.views_of(request.user).exclude(name="")[:SHOWN]
        watched = Watch.objects.filter(user=request.user, type=VIEW)
        watched = set(watched.values_list("slug", flat=True))
        context = {
            "saved_views": [
                {
                    "view": view,
                    "address": f"?{_with(view.query, view.pk)}",
                    "is_chosen": chosen is not None and view.pk == chosen.pk,
                    "is_own": view.user_id == request.user.pk,
                    "is_watched": str(view.pk) in watched,
                }
                for view in named
            ],
            "chosen_view": chosen if chosen is not None and chosen.name else None,
            "columns_offered": [
                (name, capfirst(self.label_of_column(offered[name])), name in shown)
                for name in (*shown, *rest)
            ],
            "views_address": "views/",
            "query_now": _without(request.GET),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def label_of_column(self, column):
        """What a column is called."""
        described = column if callable(column) else getattr(self, column, None)
        if described is not None:
            return str(getattr(described, "short_description", column))
        return str(self.model._meta.get_field(column).verbose_name)

    # what the forms do

    def saved_views(self, request):
        """Saves a view, drops one, or keeps which columns somebody wants."""
        back = self.list_address()
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return led_back(request, back)
        query = _without(QueryDict(request.POST.get("query", "")[:10_000]))
        offered = self.columns_offered(super().get_list_display(request))
        columns = [n for n in request.POST.getlist("column") if n in offered]
        own = SavedView.objects.filter(
            user=request.user, list_name=self.opts.label_lower
        )
        if key := request.POST.get("drop", ""):
            gone = own.filter(pk=key).exclude(name="") if _is_key(key) else own.none()
            if not gone.exists():
                raise Http404
            gone.delete()
            return HttpResponseRedirect(back)
        if key := request.POST.get("watch", "") or request.POST.get("unwatch", ""):
            view = self.views_of(request.user).filter(pk=key if _is_key(key) else 0)
            if not view.exclude(name="").exists():
                raise Http404
            watch_view(request.user, str(view[0].pk), "watch" in request.POST)
            return HttpResponseRedirect(f"{back}?{_with(view[0].query, key)}")
        if "reset" in request.POST:
            own.filter(name="").delete()
            return HttpResponseRedirect(f"{back}?{query}" if query else back)
        name = request.POST.get("name", "") if "save" in request.POST else ""
        name = name.replace("\0", "")
        view = SavedView(
            user=request.user,
            list_name=self.opts.label_lower,
            name=name,
            query=query if name else "",
            columns=columns,
            is_shared=bool(name) and "shared" in request.POST,
        )
        try:
            view.clean()
            if "save" in request.POST and not view.name:
                raise ValidationError(_("Give the view a name."))
            if view.name:
                view.validate_constraints()
        except ValidationError as error:
            for said in error.messages:
                messages.error(request, said)
            return HttpResponseRedirect(f"{back}?{query}" if query else back)
        own.filter(name=view.name).delete()
        view.save()
        asked = _with(query, view.pk) if view.name else query
        return HttpResponseRedirect(f"{back}?{asked}" if asked else back)


def watch_view(user, key, begins):
    """Lets somebody know from now on what changes in a view, or not any more."""
    if begins:
        Watch.begin(user, VIEW, key)
    else:
        Watch.objects.filter(user=user, type=VIEW, slug=key).delete()


def changed_in_views(site, request, after):
    """The changes after this one, by others, of records in the views that are watched.

    Each with its view and where that is; those of the latest changes alone.
    """
    watches = Watch.objects.filter(user=request.user, type=VIEW)
    since = {watch.slug: watch.since for watch in watches[:WATCHED]}
    keys = [int(key) for key in since if _is_key(key)]
    views = SavedView.objects.filter(Q(user=request.user) | Q(is_shared=True))
    for view in views.filter(pk__in=keys).select_related("user"):
        model = apps.get_model(view.list_name)
        admin = site.get_model_admin(model)
        if not admin.has_view_or_change_permission(request):
            continue
        begin = max(after, since[str(view.pk)])
        where = f"{admin.list_address()}?{_with(view.query, view.pk)}"
        yield from _changes_in(admin, request, view, begin, where)


def _changes_in(admin, request, view, after, where):
    key = admin.model._meta.pk.attname
    last = ChangeSet.objects.aggregate(last=Max("number"))["last"] or 0
    recent = ChangeSet.objects.filter(number__gt=max(after, last - RECENT))
    recent = recent.exclude(user=request.user).order_by("-number")
    recent = list(recent.values_list("number", flat=True)[:CHANGED])
    written = admin.model.history.filter(change_set__in=recent).order_by("-change_set")
    numbers = {}
    for number, pk in written.values_list("change_set", key)[:CHANGED]:
        numbers.setdefault(pk, number)
    if not numbers:
        return
    asked = copy(request)
    asked.GET = QueryDict(view.query)
    try:
        shown = admin.get_changelist_instance(asked).queryset
    except (IncorrectLookupParameters, SuspiciousOperation):
        return  # a filter that the list had once
    found = shown.order_by().filter(pk__in=list(numbers)).values_list("pk", flat=True)
    latest = sorted({numbers[pk] for pk in found}, reverse=True)[:SHOWN]
    changes = ChangeSet.objects.select_related("user").in_bulk(latest)
    for number in latest:
        yield changes[number], view, where


@cache
def column_of(model, name):
    """What stands in a list in the column of a field, as people read it."""
    field = model._meta.get_field(name)

    def shown(record):
        value = getattr(record, name)
        if isinstance(field, BoundedTextField):
            return readable(value) if value else None
        if field.choices:
            return getattr(record, f"get_{name}_display")()
        return value

    shown.short_description = field.verbose_name
    shown.__name__ = f"{name}_of_record"
    return shown


def _is_key(text):
    return text.isdecimal() and len(text) < 19


def _without(query):
    """A query without what a view does not say."""
    kept = query.copy()
    for name in NOT_KEPT:
        kept.pop(name, None)
    return kept.urlencode()


def _with(query, key):
    asked = QueryDict(query, mutable=True)
    asked[VIEW] = str(key)
    return asked.urlencode()
