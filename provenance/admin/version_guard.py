"""Refuses to delete or act on records that were saved after the page was opened.

Each page carries the version of each record on it; where another one has been written
since, nothing is done, and it is said by whom.
"""

from django.contrib import messages
from django.contrib.admin import ModelAdmin as DjangoModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from .bulk_actions import is_across
from .forms import MAX_KEY
from .told import tell_first

SEEN = "seen_version-"


def as_shown(record):
    """The hidden input that says which version of a record a page has shown."""
    return render_to_string("provenance/shown.html", {"record": record})


def written_since(record):
    """Says that a record was written after a page had shown it, and by whom."""
    last = record.history.order_by("-history_id").first()
    return _(
        "“%(record)s” was saved by %(who)s on %(when)s, after you "
        "opened this page. Nothing was done; check the record, and "
        "select it again."
    ) % {
        "record": record,
        "who": last.history_user or _("a program"),
        "when": f"{last.history_date:%Y-%m-%d, %H:%M:%S UTC}",
    }


class ActsOnWhatWasSeen:
    """The part of an admin that deletes or acts on records only as they were seen."""

    # Those that may reach beyond the page that somebody has seen: they show a plan.
    planned_actions: tuple[str, ...] = ()
    delete_confirmation_template = "provenance/delete.html"
    delete_selected_confirmation_template = "provenance/delete.html"

    @display(description=ModelAdmin.action_checkbox.short_description)
    def action_checkbox(self, record):
        plain = DjangoModelAdmin.action_checkbox(self, record)  # it names the record
        return format_html("{}{}", plain, as_shown(record))

    def refuse_unseen(self, request, records):
        """Says which of these records is another than was seen; whether any is."""
        overtaken = [
            record
            for record in records
            if request.POST.get(f"{SEEN}{record.pk}") != str(record.version)
        ]
        tell_first(request, map(written_since, overtaken), len(overtaken))
        return bool(overtaken)

    def response_action(self, request, queryset):
        if is_across(request):
            return self._act_across(request, queryset)
        chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
        keys = [key for key in chosen if key.isdecimal() and len(key) <= MAX_KEY]
        if len(keys) < len(chosen):
            raise SuspiciousOperation("A key was chosen that no page has shown.")
        records = self.model._base_manager.select_for_update().filter(pk__in=keys)
        if self.refuse_unseen(request, records):
            return None
        return super().response_action(request, queryset)

    def _act_across(self, request, queryset):
        """Lets an action reach all that the filters leave, if it shows a plan first."""
        if request.POST.get("action") in self.planned_actions:
            return super().response_action(request, queryset)
        message = _("Only records shown on this page can be selected; go page by page.")
        self.message_user(request, message, messages.ERROR)
        return None

    def delete_view(self, request, object_id, extra_context=None):
        if request.method == "POST":
            record = self.get_object(request, unquote(object_id))
            allowed = record and self.has_delete_permission(request, record)
            if allowed and self.refuse_unseen(request, [record]):
                return HttpResponseRedirect(request.get_full_path())
        return super().delete_view(request, object_id, extra_context)
