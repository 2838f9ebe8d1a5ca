"""The timeline as a page: everything that happened, as a list and as a drawing."""

from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entities.models import Agency, Official, Place
from provenance.api.filters import EXCLUDING, BySeveral
from provenance.db.keyset import Keyset, Stretch
from provenance.history.editions import kept
from provenance.models import Source
from provenance.pages.addresses import asked, in_other_forms, page_of
from provenance.pages.base import Page
from provenance.pages.lists import ListPage, apply_filter
from provenance.pages.reading import public_view
from provenance.tracking.time_travel import in_the_past
from provenance.web.time_axis import drawing_of

from ..api import TimelineFilter, TimelineSerializer
from ..chronicle import (
    COUNTED_BY,
    MODELS,
    Bar,
    agencies_in,
    counts,
    density,
    newest,
)
from ..models import Event, Theme
from .front import front_of

NEWEST, OLDEST = (
    Keyset(("start_earliest", "id"), descending=True),
    Keyset(("start_earliest", "id")),
)
BY_ID = Keyset(("id",))
COUNTED_BY_INDEX = {"type", "official", "agency"}  # what narrows many events so
SEVERAL = ("type", "agency", "official", "place", "theme", "source")
FEW = 12  # ways to narrow the list that are seen before the others are asked for


@dataclass(frozen=True)
class Month:
    """Events of one month; or of a year, where no month is known."""

    label: str
    events: list


@dataclass(frozen=True)
class Year:
    """Events that began in one year; or in some year of several."""

    label: str
    months: list[Month] = field(default_factory=list)


@dataclass(frozen=True)
class Facet:
    """What the list can be narrowed to in one way: what it is, how many, and where."""

    title: str
    name: str
    choices: list[tuple[str, int, str]]
    are_more: bool = False  # there may be: the newest are counted

    @property
    def first(self):
        """Those that leave most."""
        return self.choices[:FEW]

    @property
    def others(self):
        """All others that are counted."""
        return self.choices[FEW:]


@dataclass(frozen=True)
class Placed:
    """A bar of the strip: where it stands, in percent, and where it leads."""

    bar: Bar
    left: float
    width: float
    address: str

    @property
    def first(self):
        """The first day of it, as ISO 8601 has it."""
        return f"{self.bar.first:04}-01-01"

    @property
    def last(self):
        """The last day of it."""
        return f"{self.bar.last:04}-12-31"


def years_of(events):
    """Events, in order, under the year and the month in which they certainly began."""
    return [
        Year(
            year,
            [Month(month, list(those)) for month, those in groupby(of_it, _month_of)],
        )
        for year, of_it in groupby(events, _year_of)
    ]


def _year_of(event):
    first, last = event.start.earliest, event.start.latest
    if last == date.max:
        return _("%d or later") % first.year
    if first.year == last.year:
        return str(first.year)
    return f"{first.year}–{last.year}"


def _month_of(event):
    first, last = event.start.earliest, event.start.latest
    if (first.year, first.month) == (last.year, last.month):
        return capfirst(str(MONTHS[first.month]))
    return ""


def narrowed_by(narrowing):
    """The published events that these parameters ask for."""
    return apply_filter(TimelineFilter, narrowing, Event.objects.published())


class Narrowed(Page):
    """What is about the events that an address narrows the timeline to."""

    parameters = (
        *SEVERAL,
        *(f"{name}{EXCLUDING}" for name in SEVERAL),
        *("from", "to", "as_of", "certainty", "q"),
    )
    repeatable = frozenset(
        name
        for name, each in TimelineFilter.base_filters.items()
        if isinstance(each, BySeveral) and each.repeatable()
    )

    @property
    def narrowing(self):
        """What of the parameters narrows the list."""
        return {
            name: value
            for name, value in self.asked.items()
            if name in TimelineFilter.base_filters
        }

    def events(self):
        """The published events that are asked for."""
        return narrowed_by(self.narrowing)

    def read(self, events):
        """The events of a page with all that is shown of them, in their order."""
        keys = [event.pk for event in events]
        found = public_view(Event.objects.filter(pk__in=keys), TimelineSerializer)
        shown = {event.pk: event for event in found}
        return [shown[key] for key in keys]


@kept
def in_common(narrowing, _moment, _language):
    """What events narrowed to this have in common, and how thick they are in time.

    How many have what, by the parameter that narrows them to it; whether these are all
    events, or the newest; and the bars of the drawing.
    """
    events = narrowed_by(dict(narrowing))
    among, are_all = newest(events)
    given = dict(narrowing)
    counted = {name: counts(among, name) for name in COUNTED_BY if name not in given}
    is_one = all(isinstance(v, str) and "," not in v for _name, v in narrowing)
    by_index = is_one and given.keys() <= COUNTED_BY_INDEX
    by_index = by_index and not in_the_past()
    return counted, are_all, density(events, by_index)


class TimelinePage(Narrowed, ListPage):
    """What happened, newest first; narrowed by what is asked for."""

    template_name = "timeline/timeline.html"
    parameters = (*Narrowed.parameters, "order", "lanes", "cursor")
    words = {"order": ("oldest",), "lanes": ("agency",)}  # without: newest, by kind

    def above(self):
        return []

    def get_context_data(self, **context):
        narrowing, events = self.narrowing, self.events()
        keyset = OLDEST if self.oldest_first else NEWEST
        page = self.page_among(
            [
                Stretch("dated", events.exclude(start_earliest=date.min), keyset),
                Stretch("undated", events.filter(start_earliest=date.min), BY_ID),
            ],
            self.asked.get("order", ""),
        )
        rows = self.read(page.rows)
        dated = [event for event in rows if event.start.earliest > date.min]
        narrowed = tuple(sorted(narrowing.items()))
        counted, are_all, bars = in_common(narrowed, self.moment, get_language())
        return super().get_context_data(
            **context,
            **self.page_links(page),
            front=None if self.asked else front_of(counted),
            years=years_of(dated),
            undated=[event for event in rows if event.start.earliest == date.min],
            drawing=self.drawing(dated),
            strip=self.strip(bars),
            brush=self.address(**{"from": "", "to": "", "cursor": ""}),
            facets=self.facets(counted, are_all),
            narrowing=self.narrowed_to(),
            asked=self.asked,
            period=(self.asked.get("from", ""), self.asked.get("to", "")),
            **self.elsewhere(),
            orders=self.choices(
                "order", [("", _("newest first")), ("oldest", _("oldest first"))]
            ),
            lanes=self.choices(
                "lanes", [("", _("by kind")), ("agency", _("by agency"))]
            ),
            **in_other_forms("timeline-list", **narrowing, known_at=self.known_at),
        ) | {"title": _("Timeline")}

    def elsewhere(self):
        """The same in other forms, for other programs."""
        kept = {**self.narrowing, "known_at": self.known_at}
        build = self.request.build_absolute_uri
        here = build(asked(self.request.path, **kept))
        return {
            "in_sum": asked(reverse("pages:timeline-aggregate"), **kept),
            "calendar_address": asked(reverse("pages:calendar"), **kept),
            "timelinejs_address": asked(reverse("pages:timelinejs"), **kept),
            "embed_address": build(asked(reverse("pages:embed"), **kept)),
            "oembed_address": build(asked(reverse("pages:oembed"), url=here)),
        }

    @property
    def oldest_first(self):
        return self.asked.get("order") == "oldest"

    # The drawing

    def drawing(self, events):
        """The entries of the page in lanes, by kind or by agency."""
        by_agency = self.asked.get("lanes") == "agency"
        lanes = {}
        agencies = agencies_in(events) if by_agency else {}
        for event in events:
            for lane in agencies.get(event.pk, ()) if by_agency else [event.type]:
                lanes.setdefault(lane, []).append(event)
        ordered = sorted(lanes.items(), key=lambda lane: (-len(lane[1]), str(lane[0])))
        named = [
            (
                str(lane) if by_agency else capfirst(Event.Type(lane).label),
                page_of(lane) if by_agency else self.address(type=lane, cursor=""),
                [(e, str(e), page_of(e), bool(e.disputed)) for e in those],
            )
            for lane, those in ordered
        ]
        return drawing_of(named, _("Timeline of the entries on this page"))

    def strip(self, bars):
        """How thick the record is, each bar with the way to its years."""
        return [
            Placed(
                bar,
                round(100 * place / len(bars), 3),
                round(80 / len(bars), 3),
                self.address(
                    **{"from": f"{bar.first:04}", "to": f"{bar.last:04}", "cursor": ""}
                ),
            )
            for place, bar in enumerate(bars)
        ]

    # What narrows the list

    def choices(self, name, words):
        """The ways to have a parameter otherwise."""
        given = self.asked.get(name, "")
        return [
            (label, self.address(**{name: word, "cursor": ""}), word == given)
            for word, label in words
        ]

    def narrowed_to(self):
        """What the list is narrowed to, each with the way to leave it out."""
        found = []
        for parameter, value in self.narrowing.items():
            name = parameter.removesuffix(EXCLUDING)
            texts = [value] if isinstance(value, str) else value
            if name in SEVERAL:
                texts = [self.in_words(name, text.split(",")) for text in texts]
            text = _(" and ").join(texts)
            if name != parameter:
                text = _("not %s") % text
            label = {
                "type": _("Kind"),
                "from": _("From"),
                "to": _("To"),
                "q": _("Search text"),
                "as_of": _("At"),
                "certainty": _("Certainty"),
            }.get(name) or capfirst(str(MODELS[name]._meta.verbose_name))
            found.append((label, text, self.address(**{parameter: "", "cursor": ""})))
        return found

    def in_words(self, name, values):
        """What some alternatives that narrow the list are called."""
        if name == "type":
            known = {word: str(label) for word, label in Event.Type.choices}
        else:
            records = MODELS[name].objects.published().filter(slug__in=values)
            known = {record.slug: str(record) for record in records}
        return _(" or ").join(known.get(value.strip(), value) for value in values)

    def facets(self, counted, are_all):
        """What the list can be narrowed to, each with how many events that leaves."""
        titles = {
            "type": _("Kind"),
            "agency": capfirst(str(Agency._meta.verbose_name)),
            "official": capfirst(str(Official._meta.verbose_name)),
            "place": capfirst(str(Place._meta.verbose_name)),
            "theme": capfirst(str(Theme._meta.verbose_name)),
            "source": capfirst(str(Source._meta.verbose_name)),
        }
        return [
            Facet(
                title,
                name,
                [
                    (label, number, self.address(**{name: value, "cursor": ""}))
                    for value, label, number in found
                ],
                are_more=not are_all,
            )
            for name, title in titles.items()
            if (found := counted.get(name))
        ]
