"""The changes: who wrote what, by which path and why, over all records."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from ..history.undo import undo
from ..history.wording import differences_of
from ..models import ChangeSet
from .bases import ReadOnlyAdmin
from .changed_records import with_records
from .history import MAX_KEY
from .taking_back import (
    SHOWN,
    by_record,
    changes_address,
    confirmed,
    may_see,
    may_take_back,
)

AT_ONCE = 50  # changes on one page


@admin.register(ChangeSet)
class ChangeSetAdmin(ReadOnlyAdmin):
    """The changes, to look at and to take back whole."""

    shelf, icon = "sources", "history"

    def list_address(self):
        return changes_address()

    def get_urls(self):
        return []  # they have addresses of their own: see get_pages()

    def get_pages(self):
        """The addresses of the changes."""
        view = self.admin_site.admin_view
        return [
            path("changes/", view(self.changes_view), name="changes"),
            path(
                "changes/<int:number>/", view(self.change_set_view), name="change_set"
            ),
            path(
                "changes/<int:number>/take-back/",
                view(self.take_back_view),
                name="take_back",
            ),
        ]

    def changes_view(self, request):
        """The newest changes, or those before one; of one path or person if asked."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        asked = {
            name: text
            for name in ("path", "user", "before")
            if (text := request.GET.get(name, ""))
        }
        changes = ChangeSet.objects.select_related("user", "undoes")
        if asked.get("path") in ChangeSet.Path.values:
            changes = changes.filter(path=asked["path"])
        if user := asked.get("user"):
            changes = changes.filter(user__username=user.replace("\0", ""))
        if (before := asked.get("before", "")).isdecimal() and len(before) <= MAX_KEY:
            changes = changes.filter(pk__lt=int(before))
        found = list(changes.prefetch_related("undone_by")[: AT_ONCE + 1])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Changes"),
            "changes": with_records(found[:AT_ONCE], request.user),
            "older": found[AT_ONCE - 1].pk if len(found) > AT_ONCE else None,
            "paths": ChangeSet.Path.choices,
            "asked": asked,
        }
        return TemplateResponse(request, "provenance/changes.html", context)

    def change_set_view(self, request, number):
        """Everything that one change did, as far as this person may look at it."""
        change = self._change(request, number)
        told = differences_of([change.pk], private=True)[change.pk]
        shown = [each for each in told if may_see(request.user, each)]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change %d") % change.pk,
            "change": change,
            "records": by_record(shown[:SHOWN]),
            "more": max(0, len(shown) - SHOWN),
            "hidden": len(told) - len(shown),
            "may_take_back": may_take_back(request.user),
        }
        return TemplateResponse(request, "provenance/change_set.html", context)

    def take_back_view(self, request, number):
        """Takes back everything that one change did."""
        change = self._change(request, number)
        return confirmed(
            self.admin_site,
            request,
            undo,
            change,
            title=_("Take back change %d") % change.pk,
            back=changes_address(change.pk),
        )

    def _change(self, request, number):
        if not self.has_view_permission(request):
            raise PermissionDenied
        changes = ChangeSet.objects.select_related("user", "undoes")
        change = changes.filter(pk=min(number, 10**MAX_KEY)).first()
        if change is None:
            raise Http404
        return change
