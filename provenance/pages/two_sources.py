"""What two sources say of the same, side by side."""

from collections import defaultdict
from dataclasses import dataclass

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..evidence.shown import Shown, recorded_of, shown_texts, stated_by
from ..evidence.support import Outcome, comparisons, first_cited, waits
from ..models import BY_NAME, Record, Source
from ..models.renaming import bearing
from .addresses import in_the_api, list_of, listed_as, page_of
from .base import Misasked, Moved, Page
from .facts import fields_by_record, label_of

A_KIND = 50  # fields of records of one kind, of each of the two, that a page tells of
OFFERED = 200  # sources to compare one with, by title

TITLES = {
    Outcome.DIFFER: gettext_lazy("Where they differ"),
    Outcome.AGREE: gettext_lazy("Where they agree"),
    Outcome.COMPATIBLE: gettext_lazy("Where both can be true"),
}


@dataclass(frozen=True)
class Pair:
    """What two sources say of one field of a record."""

    record: Record
    label: str
    one: list["Said"]
    other: list["Said"]


@dataclass(frozen=True)
class Said:
    """One thing that a source says of a field."""

    shown: Shown
    locators: str  # all places of it there
    waits: bool  # it was cited for another value than is recorded now


@dataclass(frozen=True)
class OfKind:
    """What two sources say of the records of one kind."""

    title: str
    rows: list[Pair]


@dataclass(frozen=True)
class Part:
    """What of two sources compares in one way."""

    outcome: str
    title: str
    kinds: list[OfKind]

    @property
    def number(self):
        """Of how many fields both speak so."""
        return sum(len(kind.rows) for kind in self.kinds)

    @property
    def is_first(self):
        """Whether it is what one looks for first."""
        return self.outcome == Outcome.DIFFER


@dataclass(frozen=True)
class Alone:
    """What only one of the two speaks of: records, each with its fields in words."""

    outcome: str
    source: Source
    records: list[tuple[Record, str]]


class TwoSourcesPage(Page):
    """Two sources side by side: where they agree, where they differ, who says what."""

    template_name = "pages/two_sources.html"
    parameters = ("with",)

    def above(self):
        of_kind = listed_as(Source), list_of(Source)
        return [*super().above(), of_kind, (self.source.in_words, page_of(self.source))]

    def get_context_data(self, slug, **context):
        self.source = source = self.found(slug)
        other = self.other(source)
        content = self.compared(source, other) if other else {}
        public = Source.objects.published().exclude(pk=source.pk)
        return super().get_context_data(
            **context,
            **content,
            source=source,
            other=other,
            sides=[source, other] if other else [],
            offered=public.order_by(BY_NAME, "pk")[:OFFERED],
        ) | {"title": _("Two sources compared")}

    def found(self, slug):
        """The source of this slug, or the one that bore it, whose page has Moved."""
        source = bearing(Source.objects.published(), slug)
        if source is None:
            raise Http404
        if source.slug != slug:
            address = self.request.path.replace(f"/{slug}/", f"/{source.slug}/")
            raise Moved(self.address().replace(self.request.path, address))
        return source

    def other(self, source):
        """The source that it is compared with, if one is chosen."""
        slug = self.asked.get("with")
        if not slug:
            return None
        other = bearing(Source.objects.published(), slug)
        if other is None:
            raise Misasked([_("with: there is no source “%s”.") % slug[:80]])
        if other == source:
            raise Misasked([_("with: choose another source; this one is the same.")])
        return other

    def compared(self, source, other):
        """What both speak of, by how they compare, and what only one of them does."""
        asked, are_all = first_cited([source, other], A_KIND)
        found = defaultdict(list)
        for comparison in comparisons(source, other, asked):
            found[comparison.outcome].append(comparison)
        read_out_side_by_side(one for outcome in TITLES for one in found[outcome])
        asks = {"with": other.slug, "known_at": self.known_at}
        address = in_the_api("source-comparison", source.slug, **asks)
        return {
            "parts": [
                Part(outcome, title, _by_kind(found[outcome]))
                for outcome, title in TITLES.items()
                if found[outcome]
            ],
            "alone": [
                Alone(outcome, one, fields_by_record(found[outcome]))
                for outcome, one in (
                    (Outcome.ONLY_ONE, source),
                    (Outcome.ONLY_OTHER, other),
                )
                if found[outcome]
            ],
            "more": "" if are_all else address,
            "shown": A_KIND,
            "json_address": address,
        }


def read_out_side_by_side(several):
    """Gives the citations of comparisons what each says, as ``shown``.

    Where a source states nothing else, that is what is recorded, or was when it was
    cited.
    """
    citations = [citation for one in several for citation in (*one.one, *one.other)]
    asked = [
        stated_by(each)
        if each.stated or waits(each)
        else recorded_of(each.record, each.field)
        for each in citations
    ]
    for citation, shown in zip(citations, shown_texts(asked), strict=True):
        citation.shown = shown


def said_in(citations):
    """What a source says of one field, each thing once."""
    places = defaultdict(list)
    for citation in citations:
        places[citation.shown, waits(citation)].append(citation.locator)
    return [
        Said(shown, "; ".join(filter(None, locators)), waiting)
        for (shown, waiting), locators in places.items()
    ]


def _by_kind(several):
    """Comparisons by the kind of their record, each as it is read."""
    kinds = defaultdict(list)
    for one in several:
        label = label_of(type(one.record.holder_of(one.field)), one.field)
        row = Pair(one.record, label, said_in(one.one), said_in(one.other))
        kinds[type(one.record)].append(row)
    return [OfKind(listed_as(kind), rows) for kind, rows in kinds.items()]
