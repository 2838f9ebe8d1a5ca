"""The admin of dimensions, and of the codes in their lists."""

from django.contrib import admin

from provenance.admin import (
    CitedFilter,
    CuratedAdmin,
    choice,
    citation_inline,
    notes,
    publication,
    related,
    spanish,
)

from ..models import Code, Dimension

OF_METRIC = "metric"  # whose codes alone an input of related records offers


@admin.register(Dimension)
class DimensionAdmin(CuratedAdmin):
    """What measurements are broken down by."""

    shelf, icon = "measured", "category"
    list_display = ["name", "name_es", "stage", "cited", "in_dispute"]
    fieldsets = [
        (None, {"fields": ["name", "definition"]}),
        notes(),
        spanish("name", "definition"),
        publication(),
    ]
    inlines = [citation_inline(Dimension)]


@admin.register(Code)
class CodeAdmin(CuratedAdmin):
    """The code lists of all dimensions."""

    shelf, icon = "measured", "label"
    list_display = [
        "name",
        "notation",
        "dimension",
        "broader",
        "stage",
        "cited",
        "in_dispute",
    ]
    list_filter = [
        related("dimension"),
        related("broader"),
        choice("status"),
        CitedFilter,
    ]
    list_select_related = ("dimension", "broader")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("dimension", "notation"),
                    "name",
                    "broader",
                    "definition",
                ]
            },
        ),
        notes(),
        spanish("name", "definition"),
        publication(),
    ]
    inlines = [citation_inline(Code)]

    def label_of(self, code):
        return f"{code.dimension}: {code} ({code.notation})"

    def get_search_results(self, request, queryset, search_term):
        metric = request.GET.get(OF_METRIC, "")
        if metric.isdecimal() and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(dimension__metrics=metric)
        return super().get_search_results(request, queryset, search_term)
