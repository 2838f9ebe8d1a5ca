"""Maps without tiles: outlines of North America, and places as marks on them.

Marks stand in percent over a part of the outlines, so that they and their names keep
their size on any screen.
"""

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from entities.models import Place
from provenance.history.editions import kept
from provenance.pages.addresses import asked, in_the_api, page_of

from ..chronicle import with_all_above
from ..models import Event
from .labels import Label, labels_of
from .narrowed import Narrowed, narrowed_by
from .projection import Frame, is_outlined, projected

NEAR = 60  # other places on the map of one
NEAR_WIDTH = 500  # units that the map of a place shows at least
ALWAYS = [projected(-117, 33), projected(-92, 15)]  # on the map of all: all of Mexico
COUNTED = 20_000  # events; of more, the newest
MARKS, LISTED = 150, 200  # places on the map, and in the table: those of most events
SMALL, LARGE = 6, 20  # pixels, the radius of a mark


@dataclass(frozen=True)
class Mark:
    """A place on the map: where, in percent; how large, in pixels."""

    place: Place
    x: float
    y: float
    radius: float = SMALL
    address: str = ""
    told: str = ""
    number: int | None = None
    has_deployments: bool = False
    is_here: bool = False

    @property
    def ring(self):
        """The radius of what is around it where there were deployments."""
        return self.radius + 3

    @property
    def name(self):
        """What stands beside it where there is room."""
        return self.place.in_words


@dataclass(frozen=True)
class Map:
    """Marks on a part of the outlines."""

    frame: Frame
    marks: list[Mark]  # the most important first
    labels: dict[Mark, Label]

    @property
    def drawn(self):
        """Each mark with its label, if it has one; the most important at the top."""
        return [(mark, self.labels.get(mark)) for mark in reversed(self.marks)]


def point_of(place):
    """Where a place is drawn; None if nobody knows where it is."""
    if place.latitude is None or place.longitude is None:
        return None
    return projected(float(place.longitude), float(place.latitude))


def map_around(place, places):
    """The map of a place and of those of the others that lie near it; None if nobody
    knows where it is, or there are no outlines.
    """
    here = point_of(place)
    if here is None or not is_outlined(here):
        return None
    others = places.filter(
        latitude__range=(place.latitude - 10, place.latitude + 10),
        longitude__range=(place.longitude - 15, place.longitude + 15),
    ).exclude(pk=place.pk)
    shown = [place, *others.order_by("slug")[:NEAR]]
    points = [point_of(each) for each in shown]
    frame = Frame.around(points, NEAR_WIDTH, middle=here)
    marks = [
        Mark(
            each,
            *frame.at(point),
            radius=SMALL + 3 * (each is place),
            address=page_of(each),
            told=each.in_words,
            is_here=each is place,
        )
        for each, point in zip(shown, points, strict=True)
    ]
    return Map(frame, marks, labels_of(marks))


@dataclass(frozen=True)
class Happened:
    """Where events happened: in each place, or in a place that lies within it."""

    numbers: dict[int, int]  # of events, by the key of the place; most first
    deployments: dict[int, int]
    nowhere: int  # events of no place that the public knows
    events: int
    are_all: bool  # or else the newest are counted


@kept
def happened(narrowing, _moment):
    """Where the events happened that the timeline is narrowed to."""
    newest = narrowed_by(dict(narrowing)).order_by("-start_earliest", "-id")
    rows = list(newest.values_list("pk", "place", "type")[: COUNTED + 1])
    are_all, rows = len(rows) <= COUNTED, rows[:COUNTED]
    pairs = with_all_above(Place, [row[:2] for row in rows if row[1] is not None])
    sent = {key for key, _place, kind in rows if kind == Event.Type.DEPLOYMENT}
    numbers = Counter(place for _event, place in pairs)
    return Happened(
        dict(sorted(numbers.items(), key=lambda one: (-one[1], one[0]))),
        Counter(place for event, place in pairs if event in sent),
        len(rows) - len({event for event, _place in pairs}),
        len(rows),
        are_all,
    )


@dataclass(frozen=True)
class Row:
    """A place with how many events happened there, and the way to them."""

    place: Place
    number: int
    deployments: int
    events: str
    only_deployments: str

    @property
    def counted(self):
        """How many events, in words, and how many deployments among them."""
        events = ngettext("%(n)d event", "%(n)d events", self.number)
        told = events % {"n": self.number}
        if not self.deployments:
            return told
        sent = ngettext("%(n)d deployment", "%(n)d deployments", self.deployments)
        return f"{told}, {sent % {'n': self.deployments}}"


class MapPage(Narrowed):
    """Where it happened: the places of the events that the timeline is narrowed to."""

    template_name = "timeline/places_map.html"
    stylesheets = ("timeline/figures.css",)

    def get_context_data(self, **context):
        asks = {**self.narrowing, "known_at": self.known_at}
        narrowed = tuple(sorted(self.narrowing.items()))
        self.events()  # refuses what cannot be asked
        found = happened(narrowed, self.moment)
        rows = self.rows(found)
        drawn = [(row, point) for row in rows if (point := point_of(row.place))]
        outlined = [(row, point) for row, point in drawn if is_outlined(point)][:MARKS]
        return super().get_context_data(
            **context,
            found=found,
            map=map_of(outlined),
            rows=rows,
            more=len(found.numbers) - len(rows),
            beyond=[row for row, point in drawn if not is_outlined(point)],
            unplaced=[row for row in rows if point_of(row.place) is None],
            period=(self.asked.get("from", ""), self.asked.get("to", "")),
            timeline=asked(self.home, **asks),
            json_address=in_the_api("timeline-list", **asks),
            tables=[("GeoJSON", in_the_api("timeline-list", **asks, format="geojson"))],
        ) | {"title": _("Map")}

    def rows(self, found):
        """The places of most events, with the ways to these."""
        keys = list(found.numbers)[:LISTED]
        places = Place.objects.published().in_bulk(keys)
        asks = {**self.narrowing, "known_at": self.known_at}
        return [
            Row(
                place,
                found.numbers[key],
                found.deployments.get(key, 0),
                asked(self.home, **{**asks, "place": place.slug}),
                asked(
                    self.home,
                    **{**asks, "place": place.slug, "type": Event.Type.DEPLOYMENT},
                ),
            )
            for key in keys
            if (place := places.get(key))
        ]


def map_of(drawn):
    """The map of rows, each with where its place is drawn; None of none."""
    if not drawn:
        return None
    frame = Frame.around([*ALWAYS, *(point for _row, point in drawn)])
    most = max(row.number for row, _point in drawn)
    marks = [
        Mark(
            row.place,
            *frame.at(point),
            radius=round(SMALL + (LARGE - SMALL) * sqrt(row.number / most), 1),
            address=row.events,
            told=f"{row.place.told}: {row.counted}",
            number=row.number,
            has_deployments=bool(row.deployments),
        )
        for row, point in drawn
    ]
    return Map(frame, marks, labels_of(marks))
