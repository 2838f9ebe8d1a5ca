"""The admin of themes, and of events of each kind."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.forms import ModelMultipleChoiceField
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from entities.models import Appointment
from provenance.admin import (
    CitedFilter,
    CuratedAdmin,
    DuringFilter,
    GroundsFilter,
    ReadOnlyAdmin,
    RowInline,
    choice,
    citation_inline,
    dated,
    name_inline,
    notes,
    publication,
    related,
    spanish,
)
from provenance.admin.forms import RelatedSelectMultiple, RowForm
from provenance.db.m2m import replace_list
from provenance.registry.kinds import record_types

from ..models import (
    Agreement,
    AgreementName,
    Deployment,
    Event,
    EventLink,
    EventTheme,
    Meeting,
    Milestone,
    Participation,
    Provision,
    Theme,
    ThemeName,
)
from ..models.participation import not_of


@admin.register(Theme)
class ThemeAdmin(CuratedAdmin):
    """The vocabulary of what events are about."""

    shelf, icon = "happened", "sell"
    list_display = ["name", "broader", "stage", "cited", "in_dispute"]
    list_filter = [related("broader"), choice("status"), CitedFilter]
    list_select_related = ("broader",)
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "name",
                    "definition",
                    "broader",
                ]
            },
        ),
        notes(),
        spanish("name", "definition"),
        publication(),
    ]
    inlines = [name_inline(ThemeName), citation_inline(Theme)]


DATES_OF_ACTIONS = ("date", "effective")  # of parties to an agreement


class ParticipationForm(RowForm):
    """Who took part in an event, in the capacity of which offices."""

    offices = ModelMultipleChoiceField(
        Appointment.objects.all(),
        required=False,
        label=_("in the capacity of"),
        help_text=Participation._meta.get_field("appointments").help_text,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and (offices := self.fields.get("offices")):
            held = list(self.instance.appointments.all())
            self.initial["offices"] = [office.pk for office in held]
            offices.widget.known = {
                str(office.pk): offices.label_from_instance(office) for office in held
            }

    def clean_offices(self):
        official = self.cleaned_data.get("official")
        for office in self.cleaned_data["offices"]:
            if said := not_of(office, official and official.pk):
                raise said
        return self.cleaned_data["offices"]

    def _save_m2m(self):
        super()._save_m2m()
        if "offices" in self.changed_data:
            column = Participation._meta.get_field("appointments")
            replace_list(self.instance, column, self.cleaned_data["offices"])


class ParticipationInline(RowInline):
    """Who took part in an event."""

    model = Participation
    form = ParticipationForm
    in_bulk_edit = True
    lists = {"offices": "appointments"}
    fields = ["official", "agency", "role", "date", "effective", "offices"]
    related = ["official", "agency"]

    def get_queryset(self, request):
        offices = Appointment.objects.select_related("official", "post__agency")
        rows = super().get_queryset(request)
        return rows.prefetch_related(Prefetch("appointments", offices))

    def get_fields(self, request, obj=None):
        """The fields; dates of actions for an agreement, or where a row has one."""
        fields = super().get_fields(request, obj)
        if self.parent_model is Agreement or self._are_dated(obj):
            return fields
        return [name for name in fields if name not in DATES_OF_ACTIONS]

    @staticmethod
    def _are_dated(event):
        if event is None:
            return False
        undated = dict.fromkeys(DATES_OF_ACTIONS, "")
        return event.participations.exclude(**undated).exists()

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        if offices := formset.form.base_fields.get("offices"):
            column = self.model._meta.get_field("appointments")
            offices.widget = RelatedSelectMultiple(column, self.admin_site)
            offices.label_from_instance = self.admin_site.get_model_admin(
                Appointment
            ).label_of
        return formset

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "role" and self.parent_model is Meeting:
            # What most are. A row in which nothing else is filled in is not saved.
            field.initial = Participation.Role.PARTICIPANT
        return field


class EventThemeInline(RowInline):
    """What an event was about."""

    model = EventTheme
    fields = ["theme"]
    related = ["theme"]
    verbose_name = _("theme")
    verbose_name_plural = _("themes")


class EventLinkInline(RowInline):
    """What an event led to, and what it is part of."""

    model = EventLink
    fk_name = "event"
    fields = ["kind", "target"]
    related = ["target"]
    verbose_name = _("link to another event")
    verbose_name_plural = _("links to other events")


class EventKindAdmin(CuratedAdmin):
    """What the admins of all kinds of event share."""

    shelf = "happened"
    # Of the table that all kinds share, so that an index is used: also in one status.
    ordering = ("start_earliest", "id")
    list_select_related = ("place",)
    inlines = [
        ParticipationInline,
        EventThemeInline,
        EventLinkInline,
        citation_inline(Event),
    ]

    def get_queryset(self, request):
        # By an index that all kinds share.
        return super().get_queryset(request).filter(type=self.model.type_name())

    def label_of(self, event):
        return dated(event.title, event)


def filters_of(*own):
    """The filters of one kind of event: its own between those of every kind."""
    return [
        *own,
        related("participations__official"),
        related("participations__agency"),
        related("place"),
        related("themes"),
        choice("status"),
        DuringFilter,
        GroundsFilter,
        CitedFilter,
    ]


def fieldsets_of(what, *more, texts=()):
    """The form of one kind of event: its own fields with those of every kind."""
    return [
        (None, {"fields": ["title", *what, "summary"]}),
        (_("When and where"), {"fields": [("start", "end"), "place", *more]}),
        notes(),
        spanish("title", "summary", *texts),
        publication(),
    ]


@admin.register(Meeting)
class MeetingAdmin(EventKindAdmin):
    """Meetings, with who took part."""

    icon = "groups"
    list_display = ["title", "format", "when", "place", "stage", "cited", "in_dispute"]
    list_filter = filters_of(choice("format"))
    list_select_related = ("place", "requested_by")
    fieldsets = fieldsets_of(["format"], "requested_by")


class ProvisionInline(RowInline):
    """What an agreement provides."""

    model = Provision
    fields = ["position", "text", "text_es", "theme"]
    related = ["theme"]


@admin.register(Agreement)
class AgreementAdmin(EventKindAdmin):
    """Agreements, with what they provide."""

    icon = "handshake"
    list_display = [
        "title",
        "kind",
        "state_now",
        "when",
        "place",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = filters_of(choice("kind"), choice("state"), related("depositary"))
    fieldsets = fieldsets_of(
        [("kind", "state")],
        "concluded_at",
        ("adopted", "signed"),
        ("entered_into_force", "terminated"),
        ("depositary", "registration_number"),
    )
    inlines = [
        ProvisionInline,
        name_inline(AgreementName),
        *EventKindAdmin.inlines,
    ]

    @admin.display(description=_("state"), ordering="state")
    def state_now(self, agreement):
        return dict(Agreement.State.choices).get(agreement.current_state)


@admin.register(Deployment)
class DeploymentAdmin(EventKindAdmin):
    """Deployments, with the forces."""

    icon = "military_tech"
    list_display = [
        "title",
        "kind",
        "personnel",
        "when",
        "place",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = filters_of(choice("kind"))
    fieldsets = fieldsets_of([("kind", "personnel"), "mission"], texts=["mission"])


@admin.register(Milestone)
class MilestoneAdmin(EventKindAdmin):
    """Events of note that are none of the others."""

    icon = "flag"
    list_display = ["title", "kind", "when", "place", "stage", "cited", "in_dispute"]
    list_filter = filters_of(choice("kind"))
    fieldsets = fieldsets_of(["kind"])


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """All events in one list, to look at and to link to; each is edited as its kind."""

    shelf, icon = "happened", "timeline"
    ordering = ("start_earliest", "slug")
    list_display = ["title", "type", "when", "place", "stage"]
    list_filter = [choice("type"), *filters_of()]
    list_select_related = ("place",)

    def kinds_for(self, request):
        """The kinds of event that this person may see."""
        return [
            kind
            for kind in record_types().values()
            if issubclass(kind, Event)
            and self.admin_site.get_model_admin(kind).has_view_permission(request)
        ]

    def has_view_permission(self, request, obj=None):
        return bool(self.kinds_for(request))

    def get_queryset(self, request):
        types = {kind.type_name() for kind in self.kinds_for(request)}
        events = super().get_queryset(request)
        # Who may see all of them is counted for without a look at each.
        return events if types.issuperset(Event.Type) else events.filter(type__in=types)

    def label_of(self, event):
        return dated(event.title, event, event.get_type_display())

    def change_view(self, request, object_id, form_url="", extra_context=None):
        return self._as_its_kind(request, object_id, "change")

    def history_view(self, request, object_id, extra_context=None):
        return self._as_its_kind(request, object_id, "history")

    def _as_its_kind(self, request, object_id, page):
        if not self.has_view_permission(request):
            raise PermissionDenied
        event = self.get_object(request, object_id)
        if event is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        kind = self.admin_site.get_model_admin(type(event.specific))
        return redirect(kind.address_of(event, page))
