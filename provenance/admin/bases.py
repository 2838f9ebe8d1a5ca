"""What the admin of every record shares: lists, search, forms, versions, history."""

from copy import copy

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.contrib.admin.options import IS_POPUP_VAR
from django.db import IntegrityError, transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from ..db.keyset import LARGEST_KEY
from ..models import Dispute, Record, SentForm
from ..values.contradiction import Standing
from ..values.dates import PartialDate, Spanned
from ..web.time_axis import drawing_of
from .bulk_edit import BulkEditing
from .conflicts import KeepsWhatWasTyped
from .current_source import current_source
from .exchange import Exchange
from .field_evidence import evidence_of
from .fields import CuratedFields
from .filters import CitedFilter, choice
from .forms import RecordForm
from .history import WithHistory
from .listed import Listed
from .merging import Merging
from .review import Reviewed
from .rows import CitationInline
from .saved_views import SavedViews
from .since_published import since_published
from .version_guard import ActsOnWhatWasSeen

HAVE_BEEN_PUBLIC = (Record.Status.PUBLISHED, Record.Status.WITHDRAWN)
TRACKS = ("version", "created_at", "updated_at")
STATED_LANES = 20  # dates that sources state, drawn beside what is recorded


def notes():
    """The part of a form for what should be known beyond the fields."""
    fields = [("public_note", "public_note_es"), "private_note"]
    return (_("Notes"), {"fields": fields, "classes": ["tab"]})


def spanish(*names):
    """The part of a form for what its texts are in Spanish, as the editors say them."""
    return (
        _("Spanish"),
        {"fields": [f"{name}_es" for name in names], "classes": ["tab"]},
    )


def publication():
    """The part of a form for who may see the record, and under which name."""
    return (
        _("Publication"),
        {"fields": ["status", "slug", TRACKS], "classes": ["tab"]},
    )


def dated(label, record, *beside):
    """A label with what else tells it from its like: at last when it was, if known."""
    when = getattr(record.start, "readable", record.start)  # a text if it is refused
    several = [*beside, when] if record.start else beside
    return f"{label} ({', '.join(map(str, several))})" if several else label


def over_its_opener(request, response):
    """Lets a page that adds a related record stand in a frame on the one that asked."""
    framed = IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST
    if framed:
        response._csp_replace = {"frame-ancestors": ["'self'"]}
    response.headers["X-Frame-Options"] = "SAMEORIGIN" if framed else "DENY"
    return response


def _dispute_by(citation):
    """The state of the dispute that a citation makes; nothing if it makes none."""
    if citation.agreement != Standing.CONTRADICTS:
        return ""
    return Dispute.State.SETTLED if citation.is_settled else Dispute.State.OPEN


class ReadOnlyAdmin(Listed, ModelAdmin):
    """The admin of something that is looked at here and changed elsewhere."""

    actions = None
    on_desk = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class Withdrawable:
    """Published records are withdrawn: others have cited their address."""

    actions = ["delete_selected"]

    def has_delete_permission(self, request, obj=None):
        public = obj is not None and obj.status in HAVE_BEEN_PUBLIC
        return not public and super().has_delete_permission(request, obj)

    def get_deleted_objects(self, objs, request):
        found, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # The part of it that all kinds have in one table goes with it.
        lacking -= {
            parent._meta.verbose_name for parent in self.model._meta.all_parents
        }
        # What protects it says more than that this is not to be deleted either.
        return found, counts, set() if protected else lacking, protected

    @admin.action(
        permissions=["delete"], description=_("Delete selected %(verbose_name_plural)s")
    )
    def delete_selected(self, request, queryset):
        published = queryset.filter(status__in=HAVE_BEEN_PUBLIC).count()
        if not published:
            return delete_selected(self, request, queryset)
        self.message_user(
            request,
            ngettext(
                "%d of these is or was published. Withdraw it instead.",
                "%d of these are or were published. Withdraw them instead.",
                published,
            )
            % published,
            messages.ERROR,
        )
        return None


class CuratedAdmin(
    KeepsWhatWasTyped,
    BulkEditing,
    Reviewed,
    ActsOnWhatWasSeen,
    Exchange,
    Merging,
    Withdrawable,
    SavedViews,
    Listed,
    CuratedFields,
    WithHistory,
    ModelAdmin,
):
    """The admin of one kind of record: it says columns, filters, fieldsets, rows."""

    actions = [
        *Reviewed.actions,
        *BulkEditing.actions,
        "merge_selected",
        *Withdrawable.actions,
    ]
    planned_actions = (*Reviewed.actions, *BulkEditing.actions)
    form = RecordForm
    change_form_before_template = "provenance/before_form.html"
    change_form_after_template = "provenance/reason.html"
    change_form_outer_after_template = "provenance/teamwork.html"
    list_after_template = "provenance/deleted_link.html"
    list_filter = [choice("status"), CitedFilter]
    list_prefetch_related = ("disputes",)
    readonly_fields = TRACKS
    warn_unsaved_form = True

    # pages

    def changeform_view(self, request, *args, **kwargs):
        show = super().changeform_view
        try:
            shown = show(request, *args, **kwargs)
        except IntegrityError:
            # What was written at the same moment stands now: the form is told of it.
            shown = show(request, *args, **kwargs)
        return over_its_opener(request, shown)

    def delete_view(self, request, *args, **kwargs):
        return over_its_opener(request, super().delete_view(request, *args, **kwargs))

    # forms

    def get_changeform_initial_data(self, request):
        """What was searched for in vain is what a record made for it is called."""
        initial = super().get_changeform_initial_data(request)
        called = initial.pop("called", "")
        if called and not self.model.labelled_by:
            initial.setdefault(self.model.label_field, called)
        return initial

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.sender = None if change else request.user
        return form

    def log_addition(self, request, obj, message):
        """Remembers what the form became, which may be sent once more."""
        if key := request.POST.get("form_key", "")[:32]:
            SentForm.keep(request.user, key, self.label_of(obj), self.address_of(obj))
        return super().log_addition(request, obj, message)

    def get_readonly_fields(self, request, obj=None):
        fixed = ["slug"] if obj else []
        return [*super().get_readonly_fields(request, obj), *fixed]

    def get_fieldsets(self, request, obj=None):
        fieldsets = super().get_fieldsets(request, obj)
        if obj:
            return fieldsets
        return [
            (
                title,
                {**options, "fields": [f for f in options["fields"] if f != TRACKS]},
            )
            for title, options in fieldsets
        ]

    def get_object(self, request, object_id, from_field=None):
        if object_id.isdecimal() and int(object_id) > LARGEST_KEY:
            return None  # asked for it, SQLite fails
        record = super().get_object(request, object_id, from_field)
        if record is None:
            return None
        if request.method != "POST":
            # What citations are titled by: how they stand to what is recorded.
            listed = self.model.behind_lists(self.model.lists)
            prefetch_related_objects([record], *listed)
            return record
        if not transaction.get_connection().in_atomic_block:
            return record
        # Who saves next waits here, and then meets the version that was written.
        rows = self.model._base_manager.select_for_update().filter(pk=record.pk)
        if rows.values_list("version", flat=True).first() != record.version:
            record = super().get_object(request, object_id, from_field)
        return record

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """Puts the current source into the first new citation, unless it is cited."""
        kwargs = super().get_formset_kwargs(request, obj, inline, prefix)
        # Only shown, not sent: what comes back counts as typed.
        if request.method == "GET" and isinstance(inline, CitationInline):
            source = self.source_to_cite(request, obj)
            kwargs["initial"] = [{"source": source.pk}] if source else None
        return kwargs

    def source_to_cite(self, request, record):
        """The current source, if it is not cited for the record as a whole by now."""
        source = current_source(request)
        if source is None or record is None or record.pk is None:
            return source
        cited = self.model.citation_model().objects.filter(
            record=record.pk, source=source, field="", locator=""
        )
        return None if cited.exists() else source

    def render_change_form(self, request, context, *args, **kwargs):
        record = kwargs.get("obj")
        for rows in context["inline_admin_formsets"]:
            if isinstance(rows.opts, CitationInline):
                context["evidence"] = evidence_of(
                    self.model, rows.formset.support, current_source(request)
                )
        if record is not None and record.pk:
            # What was typed and refused is in the record that the form is about.
            stored = self.for_list(self.get_queryset(request)).filter(pk=record.pk)
            lanes = self.lanes_of(record if request.method == "GET" else stored.get())
            context["drawing"] = drawing_of(lanes, _("Timeline"))
            context["since_published"] = since_published(record)
            if not context.get("is_popup"):
                subject = self.admin_site.subject_for(record)
                context["teamwork"] = self.admin_site.teamwork_on(request, subject)
        elif not context.get("is_popup"):  # Unfold gives a new record no such buttons
            context["actions_submit_line"] = self.get_actions_submit_line(request)
        return super().render_change_form(request, context, *args, **kwargs)

    def lanes_of(self, record):
        """What is drawn of a record along time: what is recorded, what is stated."""
        if not isinstance(record, Spanned):
            return []
        here, state = self.address_of(record), record.state_of_disputes(everything=True)
        lanes = [(_("Recorded"), here, [(record, str(record), here, state)])]
        dates = record.citations.filter(field__in=record.span).exclude(stated="")
        for citation in dates.select_related("source")[:STATED_LANES]:
            citation.record, said = record, copy(record)
            setattr(said, citation.field, PartialDate(citation.stated))
            label = str(citation.source)
            lanes.append((label, "", [(said, label, here, _dispute_by(citation))]))
        return lanes

    def save_model(self, request, obj, form, change):
        buttons = self.get_actions_submit_line(request, obj.pk)
        pressed = any(button.action_name in request.POST for button in buttons)
        if not change or form.has_changed() or pressed:
            super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        rows_changed = any(formset.has_changed() for formset in formsets)
        if change and rows_changed and not form.has_changed():
            form.instance.save()  # its rows are part of it: the version counts them

    def log_change(self, request, obj, message):
        return super().log_change(request, obj, message) if message else None
