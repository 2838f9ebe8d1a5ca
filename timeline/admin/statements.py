"""Curating who said what."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from provenance.admin import (
    CitedFilter,
    CuratedAdmin,
    DuringFilter,
    GroundsFilter,
    RowInline,
    choice,
    citation_inline,
    notes,
    publication,
    related,
    spanish,
)

from ..models import (
    Statement,
    StatementAgency,
    StatementCapacity,
    StatementEvent,
    StatementOfficial,
    StatementTheme,
)


class StatementCapacityInline(RowInline):
    """The offices in whose capacity somebody spoke."""

    model = StatementCapacity
    fields = ["appointment"]
    related = ["appointment__official", "appointment__post__agency"]
    verbose_name = _("capacity")
    verbose_name_plural = _("capacities")


class StatementThemeInline(RowInline):
    """What a statement was about."""

    model = StatementTheme
    fields = ["theme"]
    related = ["theme"]
    verbose_name = _("theme")
    verbose_name_plural = _("themes")


class StatementOfficialInline(RowInline):
    """The persons of whom something was said."""

    model = StatementOfficial
    fields = ["official"]
    related = ["official"]
    verbose_name = _("official of whom it was said")
    verbose_name_plural = _("officials of whom it was said")


class StatementAgencyInline(RowInline):
    """The agencies of which something was said."""

    model = StatementAgency
    fields = ["agency"]
    related = ["agency"]
    verbose_name = _("agency of which it was said")
    verbose_name_plural = _("agencies of which it was said")


class StatementEventInline(RowInline):
    """The agreements and other events of which something was said."""

    model = StatementEvent
    fields = ["event"]
    related = ["event"]
    verbose_name = _("event of which it was said")
    verbose_name_plural = _("events of which it was said")


@admin.register(Statement)
class StatementAdmin(CuratedAdmin):
    """Statements, by who made them and of what kind."""

    shelf, icon = "happened", "format_quote"
    list_display = [
        "summary",
        "kind",
        "official",
        "agency",
        "when",
        "event",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = [
        choice("kind"),
        related("official"),
        related("agency"),
        related("event"),
        related("themes"),
        choice("status"),
        DuringFilter,
        GroundsFilter,
        CitedFilter,
    ]
    list_select_related = ("official", "agency", "event")
    fieldsets = [
        (None, {"fields": ["summary", "kind", ("official", "agency")]}),
        (
            _("When and where"),
            {"fields": [("start", "end"), "event", "publication"]},
        ),
        notes(),
        spanish("summary"),
        publication(),
    ]
    inlines = [
        StatementCapacityInline,
        StatementThemeInline,
        StatementOfficialInline,
        StatementAgencyInline,
        StatementEventInline,
        citation_inline(Statement),
    ]
