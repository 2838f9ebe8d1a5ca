"""A page that draws events in a window of their time, with ways to other windows."""

from dataclasses import replace
from functools import partial

from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from entities.models import Agency
from provenance.api.parameters import EXCLUDING
from provenance.history.editions import kept
from provenance.pages.lists import checked_filter
from provenance.tracking.time_travel import in_the_past
from provenance.web.time_scale import TimeScale

from ..aggregates import TYPE
from ..api import TimelineFilter
from ..chronicle import COUNTED_BY, counts, newest
from ..density import density, density_within, scale_of
from ..models import Event
from .drawing import (
    Picture,
    counted_lanes,
    keys_within,
    picture_of,
    placed,
    statements_among,
    statements_of,
)
from .lanes import MOST, PAIR, WAYS, sides
from .narrowed import DATES, Narrowed, narrowed_by
from .window import STEP, Window, as_asked

COUNTED_BY_INDEX = {"type", "official", "agency"}  # what narrows many events so
COMPARED = ("one", "other")  # agencies, as the form names them that compares two


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
    bars = density(events, counted_by_index(narrowing))
    return bars, scale_of(events, bars)


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


def hashable(narrowing):
    """What narrows the list, as answers are kept by it."""
    return tuple(sorted(narrowing.items()))


class ThroughTime(Narrowed):
    """Events in a window of their time: drawn in lanes, or how many there are when."""

    parameters = (*Narrowed.parameters, "lanes", "scale", *COMPARED)
    # Without: by kind, with more room for what is busy.
    words = {"lanes": (*WAYS[1:], PAIR), "scale": ("even",)}

    @property
    def in_common(self):
        return in_common(hashable(self.narrowing), self.moment, get_language())

    def choices(self, name, words):
        """The ways to have a parameter otherwise."""
        given = self.asked.get(name, "")
        return [
            (label, self.address(**{name: word, "cursor": ""}), word == given)
            for word, label in words
        ]

    @cached_property
    def at_any_time(self):
        """What narrows the list, but for dates and how surely it is of them."""
        of_time = (*DATES, "certainty")
        return {name: v for name, v in self.narrowing.items() if name not in of_time}

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
            lanes = [
                (label, in_window(hashable(self.at_any_time | narrowing), *within), way)
                for label, narrowing, way in self.counted_by_lane()
            ]
            return Picture(window, lanes=tuple(counted_lanes(lanes, window.axis)))
        if self.compares and not self.pair:
            return Picture(window)
        said, _all = keys_within(window, statements_among(self.narrowing))
        picture = picture_of(
            window,
            self.asked.get("lanes", ""),
            [shown[key] for key in keys],
            statements_of(said or []),
            self.address,
            self.known_at,
            self.pair,
        )
        return replace(picture, is_all=is_all, lacks_statements=said is None)

    def counted_by_lane(self):
        """The lanes of events that are too many to be drawn: what each is called, what
        narrows the events to it, and the way to other addresses of the page.
        """
        name = self.asked.get("lanes") or TYPE
        if self.pair:
            one, other = (agency.slug for agency in self.pair)
            apart = f"agency{EXCLUDING}"
            narrowings = (
                {"agency": one, apart: other},
                {"agency": (one, other)},
                {"agency": other, apart: one},
            )
            named = zip(sides(*self.pair), narrowings, strict=True)
            return [(side.label, narrowed, self.address) for side, narrowed in named]
        counted = self.in_common[0].get(name, ())
        if len(counted) < 2:
            return [("", {}, self.address)]
        found = [
            (capfirst(label), {name: word}, partial(self.address, **{name: word}))
            for word, label, _number in counted[:MOST]
        ]
        return sorted(found, key=lambda lane: lane[0])

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
            "agencies": self.to_compare() if self.compares else [],
            "pair": self.suggested() if self.compares else [],
            "lacks_pair": self.compares and not self.pair,
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

    def titles_of_lanes(self):
        return (
            _("by kind"),
            _("by agency"),
            _("by official"),
            _("by theme"),
            _("by place"),
            _("two agencies side by side"),
        )

    @property
    def kinds(self):
        """The ways to see one kind, where it is no lane."""
        if not self.asked.get("lanes"):
            return []
        kinds = ((word, capfirst(label)) for word, label in Event.Type.choices)
        return self.choices("type", [("", _("All kinds")), *kinds])

    # Two agencies

    @property
    def compares(self):
        """Whether two agencies are asked for side by side."""
        return self.asked.get("lanes") == PAIR

    def comparing(self, two):
        """The address of the page that compares two agencies, by their slugs."""
        without = dict.fromkeys((*COMPARED, "cursor"), "")
        return self.address(**without, agency=",".join(two), lanes=PAIR)

    def to_compared(self):
        """Where the form of two agencies leads, or else the way to the busiest two of
        those that there are; empty if it is asked for agencies.
        """
        if all(name in self.asked for name in COMPARED):
            return self.comparing(self.asked[name] for name in COMPARED)
        if self.compares and "agency" not in self.narrowing:
            two = self.suggested()
            return self.comparing(two) if len(two) == len(COMPARED) else ""
        return ""

    @cached_property
    def agencies_asked(self):
        """The agencies that the list is narrowed to."""
        given = checked_filter(
            TimelineFilter, self.narrowing, Event.objects.published()
        ).chosen("agency")
        return tuple(given or ())

    @property
    def pair(self):
        """The two agencies that are compared; empty if it is not asked for two."""
        is_pair = self.compares and len(self.agencies_asked) == len(COMPARED)
        return self.agencies_asked if is_pair else ()

    @cached_property
    def busiest(self):
        """The agencies with the most events of those that are asked for but for who was
        there: the slug, the name and the number of events of each.
        """
        others = {name: v for name, v in self.narrowing.items() if name != "agency"}
        counted, _all = in_common(hashable(others), self.moment, get_language())
        return counted["agency"]

    def to_compare(self):
        """The agencies that can be chosen: the name and the slug of each."""
        asked_for = {one.slug: one.in_words for one in self.agencies_asked}
        known = asked_for | {slug: label for slug, label, _number in self.busiest}
        return sorted((label, slug) for slug, label in known.items())

    def suggested(self):
        """The slugs of two agencies: those that are asked for, then the busiest; the
        second is of another country than the first where there is one.
        """
        slugs = [slug for slug, _label, _number in self.busiest]
        given = [one.slug for one in self.agencies_asked]
        first, *others = list(dict.fromkeys([*given, *slugs])) or [""]
        if len(given) < len(COMPARED) and others:
            known = Agency.objects.filter(slug__in=[first, *others])
            country_of = dict(known.values_list("slug", "country"))
            others.sort(key=lambda slug: country_of[slug] == country_of[first])
        return [slug for slug in (first, *others[:1]) if slug]
