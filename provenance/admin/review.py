"""Review in the admin: what may be done with a record as it stands, and its buttons."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from ..models import Record
from ..review.publishing import PUBLISH, may_become, may_correct
from ..tracking.bulk import update_many
from ..tracking.changes import open_change
from .bulk_actions import as_planned, chosen, done_at_once, is_across, tell_outcome

ANY = "any"  # what a button that leads to no status leads to
DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Record.Status
MOVES = {
    IN_REVIEW: _("Submit %(kind)s for review"),
    PUBLISHED: _("Publish %(kind)s"),
    WITHDRAWN: _("Withdraw %(kind)s from the public"),
}


class Reviewed:
    """The part of an admin that moves records from draft to public, and back."""

    actions = ["submit_for_review", "publish", "withdraw"]
    actions_submit_line = ["save_for_review", "save_and_publish", "save_and_withdraw"]

    def has_publish_permission(self, request, obj=None):
        return request.user.has_perm(PUBLISH)

    def has_change_permission(self, request, obj=None):
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or may_correct(request.user, obj))

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Offers the statuses that this person may give to this record."""
        form = super().get_form(request, obj, change, **kwargs)
        if status := form.base_fields.get("status"):
            ways = may_become(request.user, obj.status if obj else None)
            status.choices = [way for way in Record.Status.choices if way[0] in ways]
        return form

    # on a list

    @admin.action(permissions=["change"], description=_("Submit for review"))
    def submit_for_review(self, request, queryset):
        return self._move(request, queryset, IN_REVIEW)

    @admin.action(permissions=["publish"], description=_("Publish"))
    def publish(self, request, queryset):
        return self._move(request, queryset, PUBLISHED)

    @admin.action(permissions=["publish"], description=_("Withdraw"))
    def withdraw(self, request, queryset):
        return self._move(request, queryset, WITHDRAWN)

    def _move(self, request, queryset, status):
        """Gives a status to all of these records, or to none, and says why.

        What takes them from the public, or reaches beyond the page, is planned first.
        """
        moved = chosen(self, request, queryset.exclude(status=status))
        if moved is None:
            return None

        def move():
            for record in moved:
                record.status = status
            update_many(self.model, moved, {"status"}, open_change())

        done = ngettext(
            "%(number)d record is now %(status)s.",
            "%(number)d records are now %(status)s.",
            len(moved),
        ) % {"number": len(moved), "status": Record.Status(status).label}
        takes_away = status == WITHDRAWN
        if is_across(request) or takes_away:
            said = (MOVES[status] % {"kind": self.opts.verbose_name_plural}, done)
            return as_planned(self, request, moved, move, said, takes_away)
        tell_outcome(request, done_at_once(move), done)
        return None

    # on a form

    @action(description=_("Save and submit for review"))
    def save_for_review(self, request, obj):
        self._become(obj, IN_REVIEW)

    @action(description=_("Save and publish"))
    def save_and_publish(self, request, obj):
        self._become(obj, PUBLISHED)

    @action(description=_("Save and withdraw"))
    def save_and_withdraw(self, request, obj):
        self._become(obj, WITHDRAWN)

    def _become(self, record, status):
        record.status = status
        record.save(update_fields=["status"])

    def get_actions_submit_line(self, request, object_id=None):
        """The buttons for what this person may do with this record."""
        record = object_id and self.get_object(request, str(object_id))
        if object_id and (
            record is None or not self.has_change_permission(request, record)
        ):
            return []
        now = record.status if record else None
        ways = may_become(request.user, now) - {now}
        leads_to = {
            "save_for_review": IN_REVIEW,
            "save_and_publish": PUBLISHED,
            "save_and_withdraw": WITHDRAWN if record else None,
        }
        return [
            button
            for button in super().get_actions_submit_line(request, object_id)
            if leads_to.get(button.method.__name__, ANY) in {*ways, ANY}
        ]
