"""Review in the admin: what may be done with a record as it stands, and its buttons."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import action

from ..models import Record
from ..review.publishing import PUBLISH, may_become, may_correct
from ..tracking.changes import close, open_change
from .told import tell_first

ANY = "any"  # what a button that leads to no status leads to
DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Record.Status


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
        self._move(request, queryset, IN_REVIEW)

    @admin.action(permissions=["publish"], description=_("Publish"))
    def publish(self, request, queryset):
        self._move(request, queryset, PUBLISHED)

    @admin.action(permissions=["publish"], description=_("Withdraw"))
    def withdraw(self, request, queryset):
        self._move(request, queryset, WITHDRAWN)

    def _move(self, request, queryset, status):
        """Gives a status to all of these records, or to none, and says why."""
        change, moved = open_change(), list(queryset.exclude(status=status))
        before = change.noted()
        try:
            with transaction.atomic():
                for record in moved:
                    record.status = status
                    record.save(update_fields=["status"])
                close(change)
        except ValidationError as refused:
            change.forget_since(before)
            tell_first(request, iter(refused.messages), len(refused.messages))
            message = _(
                "Nothing was changed: all selected records change status "
                "together, or none does."
            )
            self.message_user(request, message, messages.ERROR)
            return
        done = ngettext(
            "%(number)d record is now %(status)s.",
            "%(number)d records are now %(status)s.",
            len(moved),
        ) % {"number": len(moved), "status": Record.Status(status).label}
        self.message_user(request, done, messages.SUCCESS)

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
