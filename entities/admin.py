"""Curating places, agencies, officials, posts and appointments."""

from datetime import timedelta

from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from provenance.admin import (
    CitedFilter,
    CuratedAdmin,
    DuringFilter,
    GroundsFilter,
    RowInline,
    TaskFilter,
    WithPortrait,
    choice,
    citation_inline,
    dated,
    name_inline,
    notes,
    publication,
    related,
    spanish,
)

from .models import (
    Agency,
    AgencyArea,
    AgencyName,
    Appointment,
    Official,
    OfficialIdentifier,
    OfficialName,
    Place,
    Post,
)

DRAWN = 200  # appointments of an official, or to a post


@admin.register(Place)
class PlaceAdmin(CuratedAdmin):
    """Places, each in the one that it lies in."""

    shelf, icon = "who", "location_on"
    list_display = [
        "name",
        "kind",
        "parent",
        "iso_code",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = [
        choice("kind"),
        related("parent"),
        choice("status"),
        CitedFilter,
    ]
    list_select_related = ("parent",)
    fieldsets = [
        (None, {"fields": ["name", "kind", "parent"]}),
        (_("Where"), {"fields": ["iso_code", ("latitude", "longitude")]}),
        notes(),
        spanish("name"),
        publication(),
    ]
    inlines = [citation_inline(Place)]

    def label_of(self, place):
        return f"{place.name} ({place.get_kind_display()})"


class AgencyAreaInline(RowInline):
    """The places that an agency is responsible for, or focuses on."""

    model = AgencyArea
    fields = ["place"]
    related = ["place"]
    verbose_name = _("area")
    verbose_name_plural = _("area of responsibility")


@admin.register(Agency)
class AgencyAdmin(WithPortrait, CuratedAdmin):
    """Agencies, with all their names."""

    shelf, icon = "who", "account_balance"
    list_display = ["name", "kind", "country", "when", "stage", "cited", "in_dispute"]
    list_filter = [
        choice("kind"),
        related("country"),
        related("parent"),
        related("areas"),
        choice("status"),
        DuringFilter,
        GroundsFilter,
        CitedFilter,
    ]
    list_select_related = ("country", "parent")
    fieldsets = [
        (None, {"fields": ["name", "kind", ("country", "parent")]}),
        (_("When"), {"fields": [("founded", "dissolved")]}),
        notes(),
        spanish("name"),
        publication(),
    ]
    inlines = [name_inline(AgencyName), AgencyAreaInline, citation_inline(Agency)]

    def lanes_of(self, agency):
        here = self.address_of(agency)
        named = [
            (row.text, here, [(row, row.text, here, "")]) for row in agency.names.all()
        ]
        return [*super().lanes_of(agency), *named]

    @admin.display(description=_("when"), ordering="founded_earliest")
    def when(self, agency):
        return self.span_of(agency)


class OfficialIdentifierInline(RowInline):
    """What an official is called in other databases."""

    model = OfficialIdentifier
    fields = ["scheme", "value"]


@admin.register(Official)
class OfficialAdmin(WithPortrait, CuratedAdmin):
    """Officials, with all their names."""

    ordering = ("family_sort_key", "sort_key", "slug")

    shelf, icon = "who", "badge"
    list_display = ["name", "family_name", "stage", "cited", "in_dispute"]
    list_filter = [
        related("appointments__post__agency"),
        choice("status"),
        CitedFilter,
    ]
    fieldsets = [
        (None, {"fields": ["name", ("family_name", "honorific")]}),
        notes(),
        publication(),
    ]
    inlines = [
        name_inline(OfficialName),
        OfficialIdentifierInline,
        citation_inline(Official),
    ]

    def lanes_of(self, official):
        return offices_of(self.admin_site, official.appointments, "post")


def offices_of(site, appointments, lane):
    """Appointments as what is drawn: one lane for each post, or for each official.

    Of very many the last are.
    """
    admin, lanes = site.get_model_admin(Appointment), {}
    held = appointments.select_related("official", "post__agency")
    held = held.prefetch_related("disputes").order_by("-start_earliest", "-pk")
    for one in reversed(list(held[:DRAWN])):
        item = one, str(one), admin.address_of(one), one.state_of_disputes(True)
        lanes.setdefault(str(getattr(one, lane)), []).append(item)
    return [(label, "", items) for label, items in lanes.items()]


def full_title(post):
    """The title of a post with its agency, unless the title names it already."""
    agency = post.agency.name
    return post.title if agency in post.title else f"{post.title}, {agency}"


@admin.register(Post)
class PostAdmin(CuratedAdmin):
    """Posts, apart from who held them."""

    shelf, icon = "who", "chair_alt"
    list_display = [
        "title",
        "kind",
        "agency",
        "seats",
        "when",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = [
        choice("kind"),
        related("agency"),
        choice("status"),
        DuringFilter,
        GroundsFilter,
        CitedFilter,
    ]
    list_select_related = ("agency",)
    fieldsets = [
        (None, {"fields": ["title", ("agency", "kind"), "seats"]}),
        (_("When"), {"fields": [("start", "end")]}),
        notes(),
        spanish("title"),
        publication(),
    ]
    inlines = [citation_inline(Post)]

    def lanes_of(self, post):
        own = super().lanes_of(post)
        return [*own, *offices_of(self.admin_site, post.appointments, "official")]

    def label_of(self, post):
        return full_title(post)


class UnheardOfFilter(TaskFilter):
    """Who is said to hold an office still, and was not heard of for a year."""

    title = _("last confirmed")
    parameter_name = "heard"
    task, task_value = _("Possibly outdated appointments"), "long-ago"

    def lookups(self, request, model_admin):
        return [(self.task_value, _("possibly outdated: not confirmed for a year"))]

    def queryset(self, request, queryset):
        return self.waiting(queryset) if self.value() == self.task_value else queryset

    @classmethod
    def waiting(cls, records):
        a_year_ago = timezone.now().date() - timedelta(days=365)
        published = records.filter(status=Appointment.Status.PUBLISHED)
        return published.unheard_of_since(a_year_ago)


@admin.register(Appointment)
class AppointmentAdmin(CuratedAdmin):
    """Who held which post, and when."""

    shelf, icon = "who", "work_history"
    list_display = [
        "official",
        "post",
        "agency",
        "kind",
        "when",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = [
        choice("kind"),
        related("official"),
        related("post"),
        related("post__agency"),
        choice("status"),
        DuringFilter,
        GroundsFilter,
        UnheardOfFilter,
        CitedFilter,
    ]
    list_select_related = ("official", "post__agency")
    fieldsets = [
        (None, {"fields": ["official", "post", ("kind", "rank")]}),
        (_("When"), {"fields": [("start", "end"), "end_reason"]}),
        spanish("rank", "end_reason"),
        notes(),
        publication(),
    ]
    inlines = [citation_inline(Appointment)]

    @admin.display(description=_("agency"), ordering="post__agency__sort_key")
    def agency(self, appointment):
        return appointment.post.agency

    def label_of(self, appointment):
        office = f"{appointment.official}, {full_title(appointment.post)}"
        return dated(office, appointment)
