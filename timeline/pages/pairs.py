"""Who met whom, as a page."""

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from entities.models import Official
from provenance.db.ranked import Ranked
from provenance.pages.addresses import asked, in_other_forms
from provenance.pages.lists import ListPage, checked_filter

from ..api import TimelineFilter
from ..api_aggregates.pairs import records_of
from ..models import Event
from ..pairs import CROWD, encounters
from .bars import Number, bars_of
from .narrowed import Narrowed

IN_MATRIX = 16  # people: those who met most often
SHADES = 4


@dataclass(frozen=True)
class Cell:
    """How often two met, as a cell of the matrix."""

    number: int
    shade: int
    told: str
    events: str
    is_general: bool  # no source says of any of these events when it was


class PairsPage(Narrowed, ListPage):
    """Who met whom at the events that the timeline is narrowed to, most often first."""

    template_name = "timeline/pairs.html"
    stylesheets = ("timeline/figures.css",)
    parameters = (*Narrowed.parameters, "cursor")

    def get_context_data(self, **context):
        public = Event.objects.published()
        filters = checked_filter(TimelineFilter, self.narrowing, public)
        officials = filters.chosen("official")
        found = encounters(filters.filter_queryset(public), officials)
        page = self.page_among([Ranked(found.pairs, 3)])
        rows = self.told(page.rows)
        label = _("Meetings and agreements in common")
        drawn = [
            (
                f"{row['one']} – {row['other']}: {row['number']}",
                {"": Number(row["number"], row["number"], row["told"], row["events"])},
            )
            for row in rows
        ]
        matrix = None if officials else self.matrix(found.pairs)
        cells = [cell for _one, row in matrix or () for cell in row if cell]
        return super().get_context_data(
            **context,
            **self.page_links(page),
            **in_other_forms(
                "officials-pairs", **self.narrowing, known_at=self.known_at
            ),
            matrix=matrix,
            has_unsourced=any(cell.is_general for cell in cells),
            rows=rows,
            bars=bars_of(drawn, [], label),
            found=found,
            connection=reverse("pages:connection"),
            crowd=CROWD,
            certainty=list(self.by_certainty()),
            officials=officials,
        ) | {"title": _("Who met whom")}

    def told(self, pairs):
        """Pairs with what is shown of them, and the way to their events."""
        people, events = records_of(pairs)
        Event.look_up_grounds(events.values())
        return [
            {
                "one": one,
                "other": other,
                "number": pair.events,
                "pair": pair,
                "first": events.get(pair.first),
                "last": events.get(pair.last),
                "told": f"{one}, {other}: {pair.events}",
                "events": self.together(one, other),
            }
            for pair in pairs
            for one, other in [(people[pair.one], people[pair.other])]
        ]

    def matrix(self, pairs):
        """Those who met most often, a cell for each two; None of fewer than three."""
        met = Counter()
        for pair in pairs:
            met.update({pair.one: pair.events, pair.other: pair.events})
        keys = sorted(met, key=lambda key: (-met[key], key))[:IN_MATRIX]
        if len(keys) < 3:
            return None
        people = Official.objects.in_bulk(keys)
        among = {
            (pair.one, pair.other): pair
            for pair in pairs
            if pair.one in people and pair.other in people
        }
        if not among:
            return None
        most = max(pair.events for pair in among.values())

        def cell(one, other):
            pair = among.get((min(one, other), max(one, other)))
            if pair is None:
                return None
            number, is_general = pair.events, pair.general == pair.events
            shade = -(-SHADES * number // most)
            two = people[one], people[other]
            told = f"{two[0]}, {two[1]}: {number}"
            if is_general:
                mark = _("not from the sources")
                told += f" ({mark})"
            return Cell(number, shade, told, self.together(*two), is_general)

        return [(people[one], [cell(one, other) for other in keys]) for one in keys]

    def together(self, one, other):
        """The timeline narrowed to the events in which both took part."""
        both = {"official": (one.slug, other.slug)}
        narrowing = {**self.narrowing, **both, "known_at": self.known_at}
        return asked(self.home, **narrowing)
