"""The page of the relations of an official or agency: a drawing and a table."""

from dataclasses import dataclass
from math import cos, pi, sin

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from provenance.models.renaming import bearing
from provenance.pages.addresses import asked, list_of, listed_as, page_of
from provenance.pages.base import Misasked, Moved, Page
from provenance.tables import write_table
from provenance.values.dates import PartialDate
from provenance.values.stated_values import join_list
from provenance.web.streaming import CSV_TYPE

from ..relations import Relation, relations_of

AROUND = 16  # as many as can be told apart
LISTED = 200  # of more, the files have all
MIDDLE, HEIGHT = 230, 460
ACROSS, DOWN = 26, 185  # how far from the middle: in percent, and in pixels


@dataclass(frozen=True)
class Node:
    """One official or agency on the drawing."""

    number: int
    relation: Relation
    address: str
    x: float
    y: float
    thickness: int

    @property
    def text_at(self):
        """On which side its name stands, so that it goes away from the middle."""
        return "start" if self.x > 55 else "end" if self.x < 45 else "middle"


class NetworkPage(Page):
    """The relations of one official or agency, at a date or at any time."""

    template_name = "timeline/network.html"
    stylesheets = ("timeline/figures.css",)
    parameters = ("as_of",)
    model = None

    def above(self):
        of_kind = listed_as(self.model), list_of(self.model)
        return [*super().above(), of_kind, (self.record.in_words, page_of(self.record))]

    def relations(self, slug):
        """The record and its relations at the date that is asked for."""
        records = self.model.objects.published()
        record = bearing(records, slug)
        if record is None:
            raise Http404
        if record.slug != slug:
            address = self.request.path.replace(f"/{slug}/", f"/{record.slug}/")
            raise Moved(asked(address, **self.asked))
        return record, relations_of(record, self.when())

    def get_context_data(self, slug, **context):
        record, relations = self.relations(slug)
        self.record = record
        here = self.request.path.rstrip("/")
        return super().get_context_data(
            **context,
            record=record,
            as_of=self.asked.get("as_of", ""),
            relations=relations[:LISTED],
            number=len(relations),
            nodes=nodes_of(relations[:AROUND]),
            around=AROUND,
            height=HEIGHT,
            middle=MIDDLE,
            json_address=asked(f"{here}.json", **self.asked),
            tables=[("CSV", asked(f"{here}.csv", **self.asked))],
        ) | {"title": _("%s: relations") % record}

    def when(self):
        """The date that is asked for, if any."""
        try:
            return PartialDate(self.asked.get("as_of", "")) or None
        except ValidationError as error:
            raise Misasked(error.messages) from None


class NetworkFile(NetworkPage):
    """The relations of one official or agency for programs, as JSON or as CSV."""

    form = "json"

    def get(self, request, slug):
        record, relations = self.relations(slug)
        rows = [
            {
                "type": one.record.record_type,
                "slug": one.record.slug,
                "name": str(one.record),
                "events": len(one.events),
                "appointments": [each.slug for each in one.appointments],
            }
            for one in relations
        ]
        if self.form == "json":
            about = {"type": record.record_type, "slug": record.slug}
            return JsonResponse({**about, "relations": rows})
        header = ["type", "slug", "name", "events", "appointments"]
        cells = [
            [*map(str, list(row.values())[:-1]), join_list(row["appointments"])]
            for row in rows
        ]
        return HttpResponse(write_table(header, cells), content_type=CSV_TYPE)


def nodes_of(relations):
    """Relations laid out in a ring, the closest at the top and on from there."""
    strongest = max((one.weight for one in relations), default=1)
    nodes = []
    for place, relation in enumerate(relations):
        angle = 2 * pi * place / len(relations) - pi / 2
        nodes.append(
            Node(
                place + 1,
                relation,
                page_of(relation.record),
                round(50 + ACROSS * cos(angle), 2),
                round(MIDDLE + DOWN * sin(angle), 1),
                1 + round(5 * relation.weight / strongest),
            )
        )
    return nodes
