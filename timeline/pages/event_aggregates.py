"""How many events there were of which sort and when, as a page."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from entities.models import Agency, Official
from provenance.pages.addresses import asked

from ..aggregates import (
    PARTIES,
    PERIODS,
    THEME,
    TYPE,
    WHY_NOT_COUNTED,
    Grouping,
    count_events,
)
from ..api_aggregates.events import TimelineAggregateFilter
from ..api_aggregates.grouping import grouping_of
from ..models import Event, Theme
from .aggregates import (
    NOTHING,
    PLACES,
    TOGETHER,
    AggregatePage,
    in_dispute,
    linked,
    state_of,
)
from .bars import Number
from .narrowed import Narrowed


class TimelineAggregatePage(AggregatePage, Narrowed):
    """How many events there were, of those that the timeline is narrowed to."""

    model = Event
    filter_class = TimelineAggregateFilter
    counted = "events"
    reasons = WHY_NOT_COUNTED
    parameters = (*AggregatePage.parameters, "fiscal_start", *Narrowed.parameters)
    words = {"by": (TYPE, *PARTIES, THEME, *PLACES), "period": (*PERIODS, TOGETHER)}

    def answer(self, events):
        return count_events(events, Grouping(**grouping_of(self.given)))

    def title_of_it(self):
        return _("Number of events")

    def label(self, group):
        """What the groups of a series share, in a few words."""
        records = group.records.values()
        parts = [
            group.type and Event.Type(group.type).label,
            *(record.told for record in records if record),
        ]
        return capfirst(", ".join(str(part) for part in parts if part)) or _("all")

    def number(self, group):
        if not group.events:
            return Number(None, None)
        when = f"{group.period}: " if group.period else ""
        return Number(
            group.events - group.unsure,
            group.events,
            f"{self.label(group)}, {when}{group.events:,}{self.in_dispute(group)}",
            self.timeline(group),
            state_of(group) if group.disputed == group.events else "",
        )

    @staticmethod
    def in_dispute(group):
        """How many of the events are disputed, as it is told behind their number."""
        return f" ({in_dispute(group)})" if group.disputed else ""

    def timeline(self, group):
        """The timeline narrowed to these events, as near as it can be."""
        slugs = {name: record.slug for name, record in group.records.items()}
        period = group.period
        span = {"from": period.first, "to": period.last} if period else {}
        kind = {"type": group.type} if group.type else {}
        narrowing = {**self.narrowing, **slugs, **kind, **span}
        return asked(self.home, **narrowing, known_at=self.known_at)

    def columns_head(self):
        return [
            _("Period"),
            _("Kind"),
            _("Who, where, what about"),
            _("Events"),
            _("Uncertain start"),
            _("Disputed"),
        ]

    def cells(self, group):
        record = next(iter(group.records.values()), None)
        return [
            (str(group.period or NOTHING), ""),
            (str(Event.Type(group.type).label) if group.type else NOTHING, ""),
            linked(record),
            (f"{group.events:,}", self.timeline(group)),
            (f"{group.unsure:,}", ""),
            (in_dispute(group) if group.disputed else "0", ""),
        ]

    def selects(self):
        by = [
            ("", _("all together")),
            (TYPE, _("kind of event")),
            *(
                (model.type_name(), str(model._meta.verbose_name))
                for model in (Agency, Official, Theme)
            ),
            *self.place_choices(),
        ]
        return [self.select("by", _("Group by"), by), self.period_select()]
