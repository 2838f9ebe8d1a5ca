"""The page of the relations of an official or agency: a drawing and tables."""

from dataclasses import dataclass
from math import cos, pi, sin

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from entities.models import Agency, Appointment, Official
from provenance.api.filters import filter_of
from provenance.models.renaming import bearing
from provenance.pages.addresses import asked, list_of, listed_as, page_of
from provenance.pages.base import Moved, Page
from provenance.pages.lists import apply_filter
from provenance.tables import write_table
from provenance.values.stated_values import join_list
from provenance.web.streaming import CSV_TYPE

from ..relations import (
    DIRECTED,
    MOST_EVENTS,
    MOST_OFFICES,
    Bond,
    Tie,
    bonds_among,
    circle_of,
    key_of,
    look_up_grounds,
)
from .narrowed import narrowed_by

AROUND = 16  # as many as can be told apart
LISTED = 100  # of more, the files have all
EDGES = 60  # among those around: the strongest
MIDDLE, HEIGHT = 230, 460
ACROSS, DOWN = 26, 185  # how far from the middle: in percent, and in pixels
TIME = ("from", "to", "as_of", "general_knowledge")


@dataclass(frozen=True)
class Node:
    """One official or agency on the drawing, where it is drawn without a script."""

    number: int
    record: Official | Agency
    address: str
    weight: int
    x: float = 50
    y: float = MIDDLE

    @property
    def text_at(self):
        """On which side its name stands, so that it goes away from the middle."""
        return "start" if self.x > 55 else "end" if self.x < 45 else "middle"


@dataclass(frozen=True)
class Edge:
    """What connects two on the drawing."""

    one: Node
    other: Node
    bond: Bond
    thickness: int
    address: str  # of the events in common

    @property
    def tie(self):
        return self.bond.tie

    @property
    def points_back(self):
        """Whether it goes from the other to the one."""
        return self.tie in self.bond.backwards

    @property
    def has_arrow(self):
        return self.tie in DIRECTED

    @property
    def pair(self):
        """The two, in the order in which the tie goes."""
        return (self.other, self.one) if self.points_back else (self.one, self.other)


class NetworkPage(Page):
    """The relations of one official or agency, at a date or in a time."""

    template_name = "timeline/network.html"
    stylesheets = ("timeline/figures.css",)
    parameters = TIME
    model = None

    def above(self):
        of_kind = listed_as(self.model), list_of(self.model)
        return [*super().above(), of_kind, (self.record.in_words, page_of(self.record))]

    @cached_property
    def narrowing(self):
        """What of the parameters names a time."""
        return {name: text for name, text in self.asked.items() if name in TIME}

    def in_time(self):
        """The public events and appointments of the time that is asked for."""
        offices = Appointment.objects.published_beside()
        offices = apply_filter(filter_of(Appointment), self.narrowing, offices)
        return narrowed_by(self.narrowing), offices

    def circle(self, slug, most=None):
        """The record, and those around it in the time that is asked for."""
        record = bearing(self.model.objects.published(), slug)
        if record is None:
            raise Http404
        if record.slug != slug:
            address = self.request.path.replace(f"/{slug}/", f"/{record.slug}/")
            raise Moved(asked(address, **self.asked))
        return record, circle_of(record, *self.in_time(), most)

    def get_context_data(self, slug, **context):
        record, circle = self.circle(slug, LISTED)
        self.record = record
        relations, here = circle.relations, self.request.path.rstrip("/")
        nodes, edges = self.drawn(record, relations[:AROUND])
        look_up_grounds([one.bond for one in (*relations, *edges)])
        return super().get_context_data(
            **context,
            record=record,
            asked=self.asked,
            years=circle.years,
            relations=relations,
            number=circle.number,
            most_events=None if circle.are_all else MOST_EVENTS,
            most_offices=None if circle.are_all_offices else MOST_OFFICES,
            nodes=nodes,
            edges=edges,
            among=[
                edge for edge in edges if record not in (e.record for e in edge.pair)
            ],
            has_general=any(edge.bond.is_general for edge in edges),
            ties=[tie for tie in Tie if any(edge.tie == tie for edge in edges)],
            around=AROUND,
            height=HEIGHT,
            connection=asked(
                reverse("pages:connection"), one=record.slug, known_at=self.known_at
            )
            if isinstance(record, Official)
            else "",
            json_address=asked(f"{here}.json", **self.asked),
            tables=[("CSV", asked(f"{here}.csv", **self.asked))],
        ) | {"title": _("%s: relations") % record.in_words}

    def drawn(self, record, relations):
        """The closest in a ring around the record, with what connects each two."""
        centre = Node(0, record, self.address_of(record), 0)
        around = [
            Node(
                number + 1,
                one.record,
                self.address_of(one.record),
                one.weight,
                *_in_a_ring(number, len(relations)),
            )
            for number, one in enumerate(relations)
        ]
        bonds = {
            (centre, node): one.bond
            for node, one in zip(around, relations, strict=True)
        }
        nodes = {key_of(node.record): node for node in around}
        among = bonds_among([node.record for node in around], *self.in_time())
        strongest = sorted(among.items(), key=lambda one: -one[1].weight)[:EDGES]
        bonds |= {(nodes[one], nodes[other]): bond for (one, other), bond in strongest}
        most = max((bond.weight for bond in bonds.values()), default=1)
        edges = [
            Edge(*two, bond, 1 + round(5 * bond.weight / most), self.together(*two))
            for two, bond in bonds.items()
        ]
        return [centre, *around] if around else [], edges

    def address_of(self, record):
        return asked(page_of(record), known_at=self.known_at)

    def together(self, one, other):
        """The timeline narrowed to the events in common."""
        names = {Official: "official", Agency: "agency"}
        both = {}
        for node in (one, other):
            both.setdefault(names[type(node.record)], []).append(node.record.slug)
        return asked(self.home, **{n: tuple(s) for n, s in both.items()}, **self.asked)


class NetworkFile(NetworkPage):
    """The relations of one official or agency for programs, as JSON or as CSV."""

    form = "json"

    def get(self, request, slug):
        record, circle = self.circle(slug)
        rows = [
            {
                "type": one.record.record_type,
                "slug": one.record.slug,
                "name": str(one.record),
                "events": len(one.events),
                "appointments": [each.slug for each in one.appointments],
            }
            for one in circle.relations
        ]
        if self.form == "json":
            about = {"type": record.record_type, "slug": record.slug}
            are_all = circle.are_all and circle.are_all_offices
            return JsonResponse({**about, "are_all": are_all, "relations": rows})
        header = ["type", "slug", "name", "events", "appointments"]
        cells = [
            [*map(str, list(row.values())[:-1]), join_list(row["appointments"])]
            for row in rows
        ]
        return HttpResponse(write_table(header, cells), content_type=CSV_TYPE)


def _in_a_ring(place, number):
    """Where the closest stand, the first at the top and on from there."""
    angle = 2 * pi * place / number - pi / 2
    return round(50 + ACROSS * cos(angle), 2), round(MIDDLE + DOWN * sin(angle), 1)
