"""Curating sources."""

from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from ..models import Citation, Source, SourceReport
from ..values.humanize import readable
from .bases import CuratedAdmin, notes, publication
from .current_source import start_entering
from .entering import EnteringPages
from .filters import PublishedFilter, choice
from .rows import RowInline
from .support import SupportPages


class ReportInline(RowInline):
    """The sources that a source repeats."""

    model = SourceReport
    fk_name = "source"
    fields = ["reported"]
    related = ["reported"]
    verbose_name = _("source that it repeats")
    verbose_name_plural = _("sources that it repeats")


@admin.register(Source)
class SourceAdmin(EnteringPages, SupportPages, CuratedAdmin):
    """Sources, with what they repeat."""

    actions_detail = ["enter", *SupportPages.actions_detail]

    shelf, icon = "sources", "newspaper"
    list_display = ["title", "kind", "publisher", "came_out", "cited_for", "stage"]
    list_filter = [choice("kind"), choice("status"), PublishedFilter]
    list_prefetch_related = ()
    fieldsets = [
        (None, {"fields": ["title", "kind", ("publisher", "author")]}),
        (_("When"), {"fields": [("published", "accessed_on")]}),
        (_("Where"), {"fields": ["url", "archived_url", "language"]}),
        notes(),
        publication(),
    ]
    inlines = [ReportInline]
    actions_submit_line = [*CuratedAdmin.actions_submit_line, "save_and_enter"]

    @action(description=_("Save and enter from it"))
    def save_and_enter(self, request, source):
        start_entering(request, source)

    def response_post_save_add(self, request, source):
        """To the page on which it is entered, if that was asked for."""
        return self._to_be_entered(request, source) or super().response_post_save_add(
            request, source
        )

    def response_post_save_change(self, request, source):
        return self._to_be_entered(
            request, source
        ) or super().response_post_save_change(request, source)

    def _to_be_entered(self, request, source):
        button = self.get_unfold_action("save_and_enter").action_name
        if button not in request.POST:
            return None
        return redirect("admin:provenance_source_enter", source.pk)

    def for_list(self, queryset):
        return queryset.annotate(citations_from_it=citations_from_a_source())

    @display(description=_("published"), ordering="published_earliest")
    def came_out(self, source):
        return readable(source.published) if source.published else None

    @display(description=_("cited"), ordering="citations_from_it")
    def cited_for(self, source):
        return source.citations_from_it


def citations_from_a_source():
    """How many citations of whatever kind name the source."""
    number = Value(0, output_field=IntegerField())
    for relation in Source._meta.related_objects:
        if issubclass(relation.related_model, Citation):
            counted = (
                relation.related_model._default_manager.filter(source=OuterRef("pk"))
                .order_by()
                .values("source")
                .annotate(number=Count("pk"))
                .values("number")
            )
            number = number + Coalesce(Subquery(counted), 0)
    return number
