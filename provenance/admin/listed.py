"""What the lists of all kinds in the admin share: columns, order, search, pages."""

from collections import defaultdict

from django.db.models import Count
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from ..models import BY_NAME, Dispute, Record
from ..tracking.tracked import SortKeyField
from ..values.contradiction import Contradiction
from ..web.time_axis import spoken
from .addresses import address
from .filters import OnlyListedLookups
from .paging import CountedPages
from .saved_views import VIEW
from .search import Searched


class RecordList(ChangeList):
    """A list with all that its columns need, in as many queries for any number."""

    complete = False

    def get_queryset(self, request, exclude_parameters=None):
        if not self.complete:  # first, so that the list can be sorted by it
            self.root_queryset = self.model_admin.for_list(self.root_queryset)
            self.complete = True
        return super().get_queryset(request, exclude_parameters)

    def get_filters_params(self, params=None):
        """What narrows it down: a view that is named is no filter."""
        filters = super().get_filters_params(params)
        filters.pop(VIEW, None)
        return filters

    def get_ordering_field(self, field_name):
        """Names go in the order in which people look for them."""
        keys = {
            name: key.name
            for key in self.lookup_opts.concrete_fields
            if isinstance(key, SortKeyField)
            for name in key.read_columns(self.model)
        }
        return super().get_ordering_field(keys.get(field_name, field_name))

    def get_results(self, request):
        super().get_results(request)
        if not (self.query or self.has_active_filters):
            self.full_result_count = self.result_count  # nothing is left out
        if "cited" in self.list_display:
            self.result_list = with_citation_counts(self.model, self.result_list)


def with_citation_counts(model, records):
    """These records, each with how many citations it has."""
    records = list(records)
    cited = model.citation_model().objects.filter(record__in=[r.pk for r in records])
    counted = cited.order_by().values("record").annotate(number=Count("pk"))
    numbers = dict(counted.values_list("record", "number"))
    for record in records:
        record.citation_count = numbers.get(record.pk, 0)
    return records


class Listed(Searched, OnlyListedLookups):
    """Something with a list, found there, from relations and from anywhere."""

    shelf, icon = "", "article"
    on_desk = True  # counted there, and found by a search of everything
    list_per_page = 50
    list_max_show_all = 0  # a list is never one page of a million rows
    show_full_result_count = False  # nor is it counted but for what it shows
    paginator = CountedPages
    list_filter_submit = True
    list_fullwidth = True
    list_select_related: tuple[str, ...] = ()
    list_prefetch_related: tuple[str, ...] = ()

    def get_changelist(self, request, **kwargs):
        return RecordList

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        pages = super().get_paginator(request, queryset, per_page, *args, **kwargs)
        alike = getattr(request, "found_by_index", None)
        if alike is not None and not queryset.query.distinct:
            pages.alike = alike
        return pages

    def get_ordering(self, request):
        """By what is shown; the slug, by which the tables go, is not."""
        if self.ordering or self.model._meta.ordering != ["slug"]:
            return super().get_ordering(request)
        return [BY_NAME, "slug"]

    def for_list(self, queryset):
        """What the list shows, with all that its columns need."""
        return queryset.prefetch_related(*self.list_prefetch_related)

    def label_of(self, record):
        """What tells this record from its like, where it is chosen."""
        return str(record)

    def list_address(self):
        return address(self.model, "changelist")

    def add_address(self):
        return address(self.model, "add")

    def address_of(self, record, page="change"):
        return address(self.model, page, record.pk)

    @display(description=_("when"), ordering="start_earliest")
    def when(self, record):
        return self.span_of(record)

    def span_of(self, record):
        """From when to when, as people read it; as it is recorded in a tooltip."""
        start, end = (record.bounded_text(name) for name in record.span)
        if not (start or end):
            return None
        text = start if start == end else f"{start or '?'} – {end or '?'}"
        return format_html('<span title="{}">{}</span>', text, spoken(record))

    @display(description=_("citations"))
    def cited(self, record):
        return record.citation_count

    @display(
        description=_("disputed"),
        label={Dispute.State.OPEN: "warning", Dispute.State.SETTLED: "info"},
    )
    def in_dispute(self, record):
        about = defaultdict(set)
        for dispute in record.disputes.all():
            if dispute.kind != Contradiction.UNCONFIRMED:
                about[dispute.state].add(dispute.label)
        if not about:
            return None
        told = [
            f"{label}: {', '.join(sorted(about[state]))}"
            for state, label in Dispute.State.choices
            if about[state]
        ]
        return min(about), "; ".join(told)  # open, if any is

    @display(
        description=_("status"),
        ordering="status",
        label={
            Record.Status.DRAFT: "info",
            Record.Status.IN_REVIEW: "warning",
            Record.Status.PUBLISHED: "success",
            Record.Status.WITHDRAWN: "danger",
        },
    )
    def stage(self, record):
        return record.status, record.get_status_display()
