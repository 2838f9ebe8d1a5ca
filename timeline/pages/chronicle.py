"""The timeline as a page: everything that happened, as a list and as a drawing."""

from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

from django.urls import reverse
from django.utils.dates import MONTHS
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from provenance.db.keyset import Keyset, Stretch
from provenance.history.editions import kept
from provenance.pages.addresses import asked, in_other_forms
from provenance.pages.base import Moved
from provenance.pages.lists import ListPage, checked_filter
from provenance.tracking.time_travel import in_the_past
from provenance.web.time_scale import TimeScale

from ..api import TimelineFilter
from ..chronicle import COUNTED_BY, counts, newest
from ..density import density, density_within, scale_of
from ..models import Event
from .drawing import (
    NEWEST,
    Picture,
    first_keys,
    keys_within,
    picture_of,
    placed,
    statements_among,
    statements_of,
)
from .front import front_of
from .lanes import PAIR, WAYS
from .narrowed import DATES, Narrowed, narrowed_by
from .window import STEP, Window, as_asked

OLDEST = Keyset(("start_earliest", "id"))
BY_ID = Keyset(("id",))
COMPARED = ("one", "other")  # agencies, as the form names them that compares two
COUNTED_BY_INDEX = {"type", "official", "agency"}  # what narrows many events so


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


@kept
def in_common(narrowing, _moment, _language):
    """What events narrowed to this have in common: how many have what, by the parameter
    that narrows them to it; and whether these are all events, or the newest.
    """
    among, are_all = newest(narrowed_by(dict(narrowing)))
    given = dict(narrowing)
    counted = {name: counts(among, name) for name in COUNTED_BY if name not in given}
    return counted, are_all


@kept
def in_time(narrowing, _moment):
    """How thick events narrowed to this are in time: the bars, and the scale that has
    more room for busy months.
    """
    events = narrowed_by(dict(narrowing))
    by_index = counted_by_index(narrowing)
    return density(events, by_index), scale_of(events, by_index)


@kept
def in_window(narrowing, first, last, _moment):
    """How thick events narrowed to this are within a window: the bars."""
    events = narrowed_by(dict(narrowing))
    return density_within(events, first, last, counted_by_index(narrowing))


def counted_by_index(narrowing):
    """Whether many events narrowed to this can be counted along one index."""
    is_one = all(isinstance(v, str) and "," not in v for _name, v in narrowing)
    given = {name for name, _value in narrowing}
    return is_one and given <= COUNTED_BY_INDEX and not in_the_past()


class TimelinePage(Narrowed, ListPage):
    """What happened, newest first, and in a drawing; narrowed by what is asked for."""

    template_name = "timeline/timeline.html"
    is_front = False  # the page that strangers come to, which says what this is
    parameters = (
        *Narrowed.parameters,
        *("order", "lanes", "scale", "cursor"),
        *COMPARED,
    )
    # Without: newest first, by kind, with more room for what is busy.
    words = {"order": ("oldest",), "lanes": (*WAYS[1:], PAIR), "scale": ("even",)}

    def above(self):
        return []

    def get_context_data(self, **context):
        if all(name in self.asked for name in COMPARED):
            raise Moved(self.comparing(), for_good=False)
        events = self.events()
        page = self.page_among(
            [
                Stretch("dated", events.exclude(start_earliest=date.min), self.keyset),
                Stretch("undated", events.filter(start_earliest=date.min), BY_ID),
            ],
            self.asked.get("order", ""),
        )
        window = self.window
        keys, is_all = keys_within(window, events) if window else ([], True)
        shown = self.shown({row.pk for row in page.rows}.union(keys or ()))
        rows = [shown[row.pk] for row in page.rows]
        return super().get_context_data(
            **context,
            **self.page_links(page),
            front=self.front,
            years=years_of(event for event in rows if event.start.earliest > date.min),
            undated=[event for event in rows if event.start.earliest == date.min],
            picture=self.picture(window, keys, is_all, shown) if window else None,
            strip=self.strip,
            **self.ways_through_time(window),
            facets=self.facets(*self.in_common),
            narrowing=self.narrowed_to(),
            asked=self.asked,
            period=(self.asked.get("from", ""), self.asked.get("to", "")),
            **self.elsewhere(),
            orders=self.choices(
                "order", [("", _("newest first")), ("oldest", _("oldest first"))]
            ),
            **in_other_forms("timeline-list", **self.narrowing, known_at=self.known_at),
        ) | {"title": _("Timeline")}

    @property
    def keyset(self):
        return OLDEST if self.asked.get("order") == "oldest" else NEWEST

    @property
    def front(self):
        """What the first page tells of the site; None where something is asked for."""
        is_first = self.is_front and not self.asked
        return front_of(self.in_common[0]) if is_first else None

    @property
    def kinds(self):
        """The ways to see one kind, where it is no lane."""
        if not self.asked.get("lanes"):
            return []
        kinds = ((word, capfirst(label)) for word, label in Event.Type.choices)
        return self.choices("type", [("", _("All kinds")), *kinds])

    @property
    def in_common(self):
        return in_common(hashable(self.narrowing), self.moment, get_language())

    def elsewhere(self):
        """The same in other forms, for other programs."""
        kept = {**self.narrowing, "known_at": self.known_at}
        build = self.request.build_absolute_uri
        here = build(asked(self.request.path, **kept))
        return {
            "in_sum": asked(reverse("pages:timeline-aggregate"), **kept),
            "on_map": asked(reverse("pages:map"), **kept),
            "calendar_address": asked(reverse("pages:calendar"), **kept),
            "timelinejs_address": asked(reverse("pages:timelinejs"), **kept),
            "embed_address": build(asked(reverse("pages:embed"), **kept)),
            "oembed_address": build(asked(reverse("pages:oembed"), url=here)),
        }

    def choices(self, name, words):
        """The ways to have a parameter otherwise."""
        given = self.asked.get(name, "")
        return [
            (label, self.address(**{name: word, "cursor": ""}), word == given)
            for word, label in words
        ]

    # The drawing

    @cached_property
    def at_any_time(self):
        """What narrows the list, but for dates."""
        return {name: v for name, v in self.narrowing.items() if name not in DATES}

    @cached_property
    def in_time(self):
        return in_time(hashable(self.at_any_time), self.moment)

    @cached_property
    def window(self):
        """What of the time of the record is seen; None if nothing is dated there."""
        scale = self.in_time[1]
        if scale is None:
            return None
        if "scale" in self.asked:
            scale = TimeScale.even(scale.first, scale.last)
        return Window.asked(scale, self.asked.get("from"), self.asked.get("to"))

    def picture(self, window, keys, is_all, shown):
        """What is drawn: the events of these keys, or bars if they are too many."""
        if keys is None:
            within = (window.first, window.last, self.moment)
            bars = in_window(hashable(self.at_any_time), *within)
            return Picture(window, bars=tuple(placed(bars, window.axis, self.address)))
        picture = picture_of(
            window,
            self.asked.get("lanes", ""),
            [shown[key] for key in keys],
            statements_of(first_keys(statements_among(self.narrowing)) or []),
            self.address,
            self.known_at,
            self.pair,
        )
        return replace(picture, is_all=is_all)

    # Two agencies

    def comparing(self):
        """The address of the page that compares the two agencies of the form."""
        two = ",".join(self.asked[name] for name in COMPARED)
        without = dict.fromkeys((*COMPARED, "cursor"), "")
        return self.address(**without, agency=two, lanes=PAIR)

    @cached_property
    def pair(self):
        """The two agencies that are compared; empty if it is not asked for two."""
        if self.asked.get("lanes") != PAIR:
            return ()
        given = checked_filter(
            TimelineFilter, self.narrowing, Event.objects.published()
        ).chosen("agency")
        return tuple(given) if len(given) == 2 else ()

    def to_compare(self):
        """The agencies with the most events of those that are asked for but for who was
        there: the name and the slug of each.
        """
        others = {name: v for name, v in self.narrowing.items() if name != "agency"}
        counted, _all = in_common(hashable(others), self.moment, get_language())
        return sorted((label, slug) for slug, label, _n in counted["agency"])

    @property
    def strip(self):
        """How thick the record is, each bar with the way to its days."""
        bars, _scale = self.in_time
        return list(placed(bars, self.axis_of_strip, self.address)) if bars else []

    @property
    def axis_of_strip(self):
        """All of the time, evenly."""
        scale = self.in_time[1]
        return Window.asked(TimeScale.even(scale.first, scale.last)).axis

    def seen_of_strip(self, window):
        """From where on the strip the window is, and how wide; None if it is all."""
        if window is None or window.is_whole:
            return None
        left = self.axis_of_strip.at(window.first)
        return left, round(self.axis_of_strip.at(window.axis.last) - left, 3)

    def ways_through_time(self, window):
        """What surrounds the drawing: other windows, lanes and scales."""
        return {
            "whole": self.in_time[1],
            "seen": self.seen_of_strip(window),
            "agencies": self.to_compare() if self.asked.get("lanes") == PAIR else [],
            "pair": [agency.slug for agency in self.pair],
            "ways": list(self.ways(window)) if window else [],
            "lanes": self.choices(
                "lanes", zip((*WAYS, PAIR), self.titles_of_lanes(), strict=True)
            ),
            "scales": self.choices(
                "scale",
                [("", _("More room for busy times")), ("even", _("Even scale"))],
            ),
            "kinds": self.kinds,
            "certainty": list(self.by_certainty()),
            "brush": self.at_all_times,
        }

    def ways(self, window):
        """The windows beside, within and around this one; without an address where
        there is no other.
        """
        for key, label, found in (
            ("earlier", _("Earlier"), window.moved(-STEP)),
            ("later", _("Later"), window.moved(STEP)),
            ("in", _("Zoom in"), window.zoomed(STEP)),
            ("out", _("Zoom out"), window.zoomed(1 / STEP)),
            ("whole", _("All years"), window.whole),
        ):
            yield key, label, self.seeing(found) if found else ""

    def seeing(self, window):
        """The address of the page with another window."""
        if window.is_whole:
            return self.at_all_times
        return self.address(**as_asked(window.first, window.last), cursor="")

    @property
    def at_all_times(self):
        """The address of the page with all of its time; the script adds its own."""
        return self.address(**{"from": "", "to": "", "cursor": ""})

    def by_certainty(self):
        """The ways to see only what is disputed, settled or general knowledge."""
        for name, word, label in (
            ("in_dispute", "open", _("disputed")),
            ("in_dispute", "settled", _("dispute settled")),
            ("general_knowledge", "yes", _("not from the sources")),
        ):
            here = self.asked.get(name) == word
            yield label, self.address(**{name: "" if here else word}, cursor=""), here

    def titles_of_lanes(self):
        return (
            _("by kind"),
            _("by agency"),
            _("by official"),
            _("by theme"),
            _("by place"),
            _("two agencies side by side"),
        )


def hashable(narrowing):
    """What narrows the list, as answers are kept by it."""
    return tuple(sorted(narrowing.items()))
