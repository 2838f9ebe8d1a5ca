"""The history of a record: what each change did to it, and the way back."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from ..history.reading import (
    history_about,
    numbers_about,
    steps_among,
    subject_of,
)
from ..history.undo import restore, undo
from ..history.wording import Difference, differences_of, older_differences
from ..models import ChangeSet
from ..tracking.history_rows import DELETED
from .addresses import address
from .taking_back import changes_address, confirmed, may_see, may_take_back

AT_ONCE = 20  # changes on one page
DELETED_SHOWN = 200
MAX_KEY = 18  # digits of a key, on every database


@dataclass
class Entry:
    """One change of a record, as its history shows it."""

    at: datetime
    user: User | None
    reason: str
    differences: list[Difference]
    change: ChangeSet | None = None  # None where it is older than changes are
    address: str = ""
    version: int | None = None  # the row of history that it can be restored from
    is_now: bool = False
    undone_by: list = field(default_factory=list)


class WithHistory:
    """Shows what each change did to a record; takes it back, or restores a version."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        view = self.admin_site.admin_view
        return [
            path("deleted/", view(self.deleted_view), name=f"{name}_deleted"),
            path(
                "<object_id>/history/take-back/<int:number>/",
                view(self.take_back_view),
                name=f"{name}_take_back",
            ),
            path(
                "<object_id>/history/restore/<int:version>/",
                view(self.restore_view),
                name=f"{name}_restore",
            ),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None):
        """What each change did to a record, the newest first; also of a deleted one."""
        now, last = self._record_or_past(request, object_id)
        subject = subject_of(self.model, last)
        before = _number(request.GET.get("before", ""))
        numbers = numbers_about(subject, before, AT_ONCE + 1)
        entries = self._entries(request, subject, numbers[:AT_ONCE])
        if len(numbers) <= AT_ONCE:
            entries += self._older_entries(request, subject)
        if entries and before is None:
            entries[0].is_now = now is not None
        context = {
            **self.admin_site.each_context(request),
            "title": _("History: %s") % (now or last.instance),
            "opts": self.opts,
            "object": now or last.instance,
            "is_deleted": now is None,
            "entries": entries,
            "older": numbers[AT_ONCE - 1] if len(numbers) > AT_ONCE else None,
            "may_take_back": may_take_back(request.user)
            and self.has_change_permission(request),
            "module_name": str(self.opts.verbose_name_plural),
            **(extra_context or {}),
        }
        return TemplateResponse(request, "provenance/history.html", context)

    def _record_or_past(self, request, object_id):
        """The record if it is there, and the last row of its history; or 404."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        if not (object_id.isascii() and object_id.isdigit()) or len(object_id) > (
            MAX_KEY
        ):
            raise Http404
        key = self.opts.pk.attname
        past = self.model.history.filter(**{key: object_id}).order_by("-history_id")
        last = past.first()
        if last is None:
            raise Http404
        return self.get_queryset(request).filter(pk=object_id).first(), last

    def _entries(self, request, subject, numbers):
        private = self.has_view_or_change_permission(request)
        told = differences_of(numbers, subject, private)
        changes = ChangeSet.objects.select_related("user", "undoes")
        rows = history_about(self.model, subject).filter(change_set__in=numbers)
        versions = {
            step.number: step.last.history_id
            for step in steps_among(self.model, rows)
            if step.after
        }
        return [
            Entry(
                change.at,
                change.user,
                change.reason,
                [each for each in told[change.pk] if may_see(request.user, each)],
                change,
                changes_address(change.pk),
                versions.get(change.pk),
                undone_by=list(change.undone_by.all()),
            )
            for change in changes.prefetch_related("undone_by").filter(pk__in=numbers)
        ]

    def _older_entries(self, request, subject):
        return [
            Entry(
                row.history_date,
                row.history_user,
                row.history_change_reason or "",
                [each for each in told if may_see(request.user, each)],
                version=row.history_id if row.instance_type is self.model else None,
            )
            for row, told in older_differences(subject, private=True).items()
        ]

    def take_back_view(self, request, object_id, number):
        """Takes back what a change did to a record."""
        now, last = self._record_or_past(request, object_id)
        change = get_object_or_404(ChangeSet, pk=number)
        return confirmed(
            self.admin_site,
            request,
            undo,
            change,
            now or last.instance,
            title=_("Take back what change %(number)d did to “%(record)s”")
            % {"number": number, "record": now or last.instance},
            back=address(self.model, "history", object_id),
        )

    def restore_view(self, request, object_id, version):
        """Puts a record back as it was after a change."""
        key = self.opts.pk.attname
        now, last = self._record_or_past(request, object_id)
        past = get_object_or_404(
            self.model.history.exclude(history_type=DELETED),
            **{key: object_id, "history_id": version},
        )
        return confirmed(
            self.admin_site,
            request,
            restore,
            past,
            title=_("Restore “%(record)s” as it was on %(moment)s")
            % {
                "record": now or last.instance,
                "moment": f"{past.history_date:%Y-%m-%d %H:%M}",
            },
            back=address(self.model, "history", object_id),
        )

    def deleted_view(self, request):
        """The records of a kind that have been deleted, the last one first."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        key = self.opts.pk.attname
        there = self.model._base_manager.values("pk")
        rows = self.model.history.exclude(**{f"{key}__in": there})
        deletions, versions = {}, {}
        gone = rows.filter(history_type=DELETED).select_related(
            "history_user", "change_set"
        )
        for row in gone.order_by("-history_id")[:DELETED_SHOWN]:
            deletions.setdefault(getattr(row, key), row)
        earlier = rows.filter(**{f"{key}__in": list(deletions)}).exclude(
            history_type=DELETED
        )
        for row in earlier.order_by("history_id"):
            versions[getattr(row, key)] = row.history_id
        context = {
            **self.admin_site.each_context(request),
            "title": _("Deleted %s") % self.opts.verbose_name_plural,
            "opts": self.opts,
            "rows": [
                {
                    "row": row,
                    "name": getattr(row, self.model.label_field, row.slug),
                    "history": address(self.model, "history", pk),
                    "restore": address(self.model, "restore", pk, versions[pk])
                    if pk in versions
                    else "",
                }
                for pk, row in deletions.items()
            ],
            "may_take_back": may_take_back(request.user)
            and self.has_change_permission(request),
        }
        return TemplateResponse(request, "provenance/deleted.html", context)


def _number(text):
    """A number of a change as an address gives it; None if it is none."""
    if text.isascii() and text.isdigit() and len(text) <= MAX_KEY:
        return int(text)
    return None
