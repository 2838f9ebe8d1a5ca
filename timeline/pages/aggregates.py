"""What many records come to, as pages: a drawing, a table, and the same as CSV."""

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entities.models import Agency, Official, Place
from provenance.models import Dispute
from provenance.pages.addresses import asked, in_other_forms, page_of
from provenance.pages.base import Misasked, Page
from provenance.pages.lists import checked_filter
from provenance.values.periods import LENGTH_NAMES
from provenance.values.quantities import plain
from provenance.values.translations import told

from ..aggregates import (
    DIMENSION,
    MEASURES,
    NO_PLACE,
    PARTIES,
    PERIODS,
    PLACE,
    THEME,
    TYPE,
    WHY_NOT_COUNTED,
    Grouping,
    aggregate,
    count_events,
)
from ..api_aggregates.events import TimelineAggregateFilter
from ..api_aggregates.grouping import grouping_of, left_out
from ..api_aggregates.observations import ObservationAggregateFilter, question_of
from ..models import Event, Metric, Observation, Theme
from .bars import Number, bars_of
from .narrowed import Narrowed

LISTED = 150  # rows; CSV has all
OPEN, SETTLED = Dispute.State
TOGETHER = "none"  # as a period: no periods are told apart
PLACES = (PLACE, "country", "state", "city")  # the ways to group that a form offers


def state_of(group):
    """Open if a dispute about something in a group is, or else settled."""
    if not group.disputed:
        return ""
    return SETTLED if group.settled == group.disputed else OPEN


def in_dispute(group):
    """How much of a group is in dispute, in words."""
    is_open = group.disputed - group.settled
    told = [_("%d disputed") % is_open] if is_open else []
    told += [_("%d settled") % group.settled] if group.settled else []
    return ", ".join(told)


class AggregatePage(Page):
    """What records come to, by one thing (``by``) and by periods (``period``)."""

    template_name = "timeline/aggregate.html"
    parameters = ("by", "period")
    chosen = ("by", "period")  # in the form; what else is asked is kept
    model = None
    filter_class = None
    reasons = {}  # of what is in no row
    counted = ""  # the attribute of a group that says of how many it is

    def read_parameters(self):
        if "group_by" in self.request.GET:
            message = _("group_by is a parameter of the API; name here by and period.")
            raise Misasked([message])
        return super().read_parameters()

    def question(self):
        """What the page asks, in the parameters of the API."""
        period = self.asked.get("period", PERIODS[0])
        words = (self.asked.get("by"), period if period != TOGETHER else "")
        known = self.filter_class.base_filters
        given = {name: text for name, text in self.asked.items() if name in known}
        together = ",".join(word for word in words if word)
        return {**given, **({"group_by": together} if together else {})}

    def get_context_data(self, **context):
        given, public = self.question(), self.model.objects.published()
        filters = checked_filter(self.filter_class, given, public)
        records = filters.filter_queryset(public)
        self.filters, self.given = filters, filters.form.cleaned_data
        try:
            found = self.answer(records)
        except ValidationError as error:
            raise Misasked(error.messages) from None
        periods = sorted({one.period for one in found.groups if one.period})
        title, head = self.title_of_it(), self.columns_head()
        return super().get_context_data(
            **context,
            **in_other_forms(
                f"{self.model.collection}-aggregate", **given, known_at=self.known_at
            ),
            rows=[
                (self.row(head, group), self.is_nothing(group))
                for group in found.groups[:LISTED]
            ],
            more=max(len(found.groups) - LISTED, 0),
            head=head,
            bars=bars_of(self.series(found.groups), list(map(str, periods)), title),
            left_out=left_out(found.left_out, self.reasons),
            selects=self.selects(),
        ) | {"title": title}

    def row(self, head, group):
        """The cells of a group, each with the name of its column."""
        return [
            (name, *cell) for name, cell in zip(head, self.cells(group), strict=True)
        ]

    def is_nothing(self, group):
        """Whether there is nothing in it: it stands between others that have some."""
        return not getattr(group, self.counted)

    def series(self, groups):
        """The numbers of groups that differ in their periods alone."""
        found = {}
        for group in groups:  # two places may be called the same
            _label, numbers = found.setdefault(group.key[:-1], (self.label(group), {}))
            numbers[str(group.period or "")] = self.number(group)
        return found.values()

    def select(self, name, label, choices):
        """A list in the form: its name, its label, and each choice with its word."""
        given = self.asked.get(name, choices[0][0])
        return name, label, [(word, text, word == given) for word, text in choices]

    def period_select(self):
        return self.select(
            "period",
            _("Period"),
            [
                ("year", _("year")),
                ("quarter", _("quarter")),
                ("month", _("month")),
                ("fiscal-year", _("fiscal year")),
                (TOGETHER, _("all together")),
            ],
        )

    @staticmethod
    def place_choices():
        """The ways to group by place."""
        kinds = Place.Kind
        return [
            (word, _("place") if word == PLACE else kinds(word).label)
            for word in PLACES
        ]


def linked(record):
    """A cell that names a record and leads to its page."""
    return (record.in_words, page_of(record)) if record else ("–", "")


def populations_told(groups):
    """The populations that groups are of, as the reader is told them."""
    of = {group.key.population: group.one for group in groups if group.one}
    known = Observation.objects.in_bulk([of[text] for text in of if text])
    return {row.population: told(row, "population") for row in known.values()}


class ObservationAggregatePage(AggregatePage):
    """What observations come to."""

    model = Observation
    filter_class = ObservationAggregateFilter
    counted = "observations"
    reasons = {
        "window": gettext_lazy(
            "The window is not known from its first to its last day."
        ),
        "outside": gettext_lazy(
            "The window reaches beyond the time that is asked for."
        ),
        "period": gettext_lazy("The window lies in several of the periods."),
        "place": gettext_lazy(
            "There is no place, or none in one of the kind asked for."
        ),
        "level": gettext_lazy(
            "The window has another length, the place another kind or the code another "
            "depth than what is put together here."
        ),
    }
    chosen = ("by", "period", "measure")
    parameters = (
        *("by", "period", "measure", "metric", "place", "reported_by", "modality"),
        *("from", "to", "windows", "places", "open_end", "fiscal_start"),
    )
    words = {
        "period": (*PERIODS, TOGETHER),
        "measure": MEASURES,
    }

    def question(self):
        # Where a sum would count twice the page says so, and shows the others.
        return {**super().question(), "overlaps": "omit"}

    def answer(self, observations):
        self.asks = question_of(self.given)
        found = aggregate(observations, self.asks)
        self.populations = populations_told(found.groups)
        return found

    @property
    def metric(self):
        """The one that is asked for; None if it is not one."""
        metrics = self.filters.chosen("metric")
        return metrics[0] if len(metrics) == 1 else None

    def title_of_it(self):
        metric = self.metric
        if metric is None:
            return _("Summary of observations")
        return _("Summary of “%(metric)s” (%(unit)s)") % {
            "metric": metric.told,
            "unit": metric.counted_in_words,
        }

    def series(self, groups):
        """None of several metrics, which have no scale in common but their counts."""
        metrics = {group.key.metric for group in groups}
        return (
            super().series(groups) if len(metrics) < 2 or not self.asks.chooses else ()
        )

    def label(self, group):
        """What the groups of a series share, in a few words."""
        metric = group.metric if self.metric is None else None
        records = metric, group.place, group.reported_by, *group.codes.values()
        parts = [
            *(record.told for record in records if record),
            self.populations.get(group.key.population),
            group.key.modality and Observation.Modality(group.key.modality).label,
            *self.parts_of(group),
        ]
        return capfirst(", ".join(str(part) for part in parts if part)) or _("all")

    def number(self, group):
        when = f"{group.period}: " if group.period else ""
        told = f"{self.label(group)}, {when}{self.told(group)}"
        return Number(group.low, group.high, told, dispute=state_of(group))

    @classmethod
    def told(cls, group):
        """The result as readers write it, with its unit."""
        unit = group.metric.counted_in_words if group.metric and group.has_value else ""
        return f"{cls.number_of(group)} {unit}".strip()

    @staticmethod
    def number_of(group):
        """The result without its unit."""
        low, high = group.low, group.high
        if group.overlap and not group.has_value:
            return _("would count something twice")
        if low is None and high is None:
            return "–"
        if low == high:
            return plain(low)
        if high is None:
            return _("at least %s") % plain(low)
        return (
            _("at most %s") % plain(high)
            if low is None
            else f"{plain(low)}–{plain(high)}"
        )

    def columns_head(self):
        return [
            _("Period"),
            _("Metric"),
            _("Place"),
            _("Population"),
            _("Modality"),
            _("Reported by"),
            _("Put together"),
            _("Value"),
            _("Observations"),
            _("Disputed"),
        ]

    def cells(self, group):
        key = group.key
        how = key.modality and Observation.Modality(key.modality).label
        codes = (code.in_words for code in group.codes.values() if code)
        parts = (self.populations.get(key.population), *codes)
        population = " · ".join(str(part) for part in parts if part)
        return [
            (str(group.period or "–"), ""),
            linked(group.metric),
            linked(group.place),
            (population or "–", ""),
            (str(how or "–"), ""),
            linked(group.reported_by),
            (self.put_together(group) or "–", ""),
            (self.told(group), ""),
            (str(group.observations), ""),
            (in_dispute(group) if group.disputed else "0", ""),
        ]

    def put_together(self, group):
        """Of which windows, places and parts the result is, where that was chosen."""
        level, told = group.level, []
        if level and level.windows:
            told.append(_("windows: %s") % LENGTH_NAMES[level.windows])
        if level and level.places:
            is_none = level.places == NO_PLACE
            kind = _("none") if is_none else Place.Kind(level.places).label
            told.append(_("places: %s") % kind)
        return " · ".join([*told, *self.parts_of(group)])

    @staticmethod
    def parts_of(group):
        """The dimensions whose parts are put together, which may not be the whole."""
        names = ", ".join(part.in_words for part in group.parts or ())
        return [_("parts by: %s") % names] if names else []

    def dimension_choices(self):
        """The dimensions that the metric is broken down by, as ways to group."""
        if self.metric is None:
            return []
        public = self.metric.dimensions.published()
        return [(f"{DIMENSION}{one.slug}", one.in_words) for one in public]

    def selects(self):
        by = [
            ("", _("all together")),
            ("metric", capfirst(str(Metric._meta.verbose_name))),
            *self.place_choices(),
            ("reported_by", _("who reports")),
            *self.dimension_choices(),
        ]
        measures = [
            ("count", _("number of observations")),
            ("sum", _("sum")),
            ("mean", _("mean")),
            ("min", _("least")),
            ("max", _("most")),
        ]
        if self.metric and not self.metric.adds_up:
            measures = [each for each in measures if each[0] != "sum"]
        return [
            self.select("measure", _("Measure"), measures),
            self.select("by", _("Group by"), by),
            self.period_select(),
        ]


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
            f"{self.label(group)}, {when}{group.events}{self.in_dispute(group)}",
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
            (str(group.period or "–"), ""),
            (str(Event.Type(group.type).label) if group.type else "–", ""),
            linked(record),
            (str(group.events), self.timeline(group)),
            (str(group.unsure), ""),
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
