"""Counts the support of each value, and what would remain without one source.

A citation *supports* what is recorded if what the source says of the field agrees with
it: nothing else is stated, or the same. What is compatible with it is *consistent* and
no support; what *contradicts* it is neither. The field ``""`` is the record as a whole.
How many of the supporting sources are independent is counted as ``independence`` says.

Everything is asked for with as many queries for one citation as for many. Unless it is
for whoever may see everything, only public records, sources and statements are known.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, TextChoices
from django.utils.translation import gettext_lazy as _

from ..db.batches import Among
from ..models import Citation, Record
from ..registry.kinds import cited_types
from ..values.contradiction import Standing
from ..values.stated_values import agreement_between, kinds_named
from .independence import independent, origins_of
from .visibility import citations_seen, hide_private_relations, with_records

LOOKED_AT = 2_000  # citations of one source in one table, among which its first are
IN_ORDER = ("record_id", "field", "source__slug", "locator", "pk")


@dataclass(frozen=True)
class Support:
    """What sources say of one field of a record: for it, beside it and against it."""

    field: str
    supporting: tuple[Citation, ...]
    consistent: tuple[Citation, ...]
    contradicting: tuple[Citation, ...]
    independent: int

    @property
    def all(self):
        """All that is cited for the field."""
        return (*self.supporting, *self.consistent, *self.contradicting)

    @property
    def citations(self):
        """How many citations support it."""
        return len(self.supporting)

    @property
    def sources(self):
        """The supporting sources, each once, in however many places they say it."""
        return _sources_of(self.supporting)

    @property
    def agree(self):
        """How many sources agree."""
        return len(self.sources)

    @property
    def are_compatible(self):
        """How many sources say what can be true as well, of those that do not agree."""
        return len(_sources_of(self.consistent, but=self.supporting))

    @property
    def disagree(self):
        """How many sources disagree: in some place of theirs, if not in all."""
        return len(_sources_of(self.contradicting))


def _sources_of(citations, but=()):
    """The sources of these citations, each once, but for those of others."""
    found = {one.source_id: one.source for one in citations}
    for other in but:
        found.pop(other.source_id, None)
    return list(found.values())


class Rests(TextChoices):
    """What a supported field would lose with one of its sources."""

    ALONE = "alone", _("No other source supports it")
    GROUP = "group", _("All others that support it share an origin with this one")
    INDEPENDENT = "independent", _("Others support it independently")


@dataclass(frozen=True)
class Reliance:
    """One field of a record that a source supports, and what is left without it."""

    record: Record
    field: str
    citations: tuple[Citation, ...]
    left: Support
    rests: Rests


class Outcome(TextChoices):
    """How two sources compare in one field of one record."""

    DIFFER = "differ", _("They differ")
    AGREE = "agree", _("They agree")
    COMPATIBLE = "compatible", _("Both can be true")
    ONLY_ONE = "only-one", _("Only in the first source")
    ONLY_OTHER = "only-other", _("Only in the second source")


@dataclass(frozen=True)
class Comparison:
    """What two sources say of one field of one record, side by side."""

    record: Record
    field: str
    one: tuple[Citation, ...]
    other: tuple[Citation, ...]
    outcome: Outcome

    @property
    def recorded(self):
        """What is recorded, in its text form."""
        return (self.one or self.other)[0].recorded


def standing_of(citation, everything=False):
    """How a citation stands to what is recorded: only one that agrees supports it.

    One that waits for another look is no support before.
    """
    return Standing.COMPATIBLE if waits(citation, everything) else citation.agreement


def waits(citation, everything=False):
    """Whether it was cited for another value than is recorded now.

    The public is not told so of fields that name records: that the value differs may
    come of one that is hidden.
    """
    if not citation.needs_another_look:
        return False
    holder = citation.record.holder_of(citation.field)
    return everything or not kinds_named(type(holder), citation.field)


def support_of(record, everything=False):
    """The support of each field of a record that a source is cited for, by its name."""
    kind = cited_types()[record.record_type]
    citations = citations_seen(kind, everything).filter(record=record.pk)
    found = _with_records(kind, citations, everything)
    return support_in(found, everything).get(record.pk, {})


def support_in(citations, everything=False):
    """The support that citations give, which have their records and sources at hand.

    It is found by the key of the record and the name of the field.
    """
    origins = origins_of({citation.source_id for citation in citations}, everything)
    found = {}
    for (record, field), said in _by_place(citations).items():
        found.setdefault(record, {})[field] = _support(field, said, origins, everything)
    return found


def reliance_on(source, everything=False, asked=None):
    """Each field that a source supports, under what it would lose with the source.

    Of all fields that it is cited for, or those that the citations asked are about.
    """
    asked = _cited_from([source], everything) if asked is None else asked
    found = {rests: [] for rests in Rests}
    for reliance in reliances(source, asked, everything):
        found[reliance.rests].append(reliance)
    return found


def reliances(source, asked, everything=False):
    """What of the fields that these citations are about rests on the source.

    The citations are given as one queryset for each kind of record.
    """
    said = _in_the_places_of(asked, everything)
    origins = origins_of(
        {c.source_id for cited in said.values() for c in cited}, everything
    )
    for cited in said.values():
        for (_record, field), citations in _by_place(cited).items():
            own = [c for c in citations if c.source_id == source.pk]
            supporting = tuple(
                c for c in own if standing_of(c, everything) == Standing.AGREES
            )
            if not supporting:
                continue
            others = [c for c in citations if c.source_id != source.pk]
            left = _support(field, others, origins, everything)
            yield Reliance(
                record=supporting[0].record,
                field=field,
                citations=supporting,
                left=left,
                rests=_rests(source, left, origins),
            )


def compare(one, other, everything=False):
    """How two sources compare in each field that either of them speaks of."""
    asked = _cited_from([one, other], everything)
    return list(comparisons(one, other, asked, everything))


def comparisons(one, other, asked, everything=False):
    """How two sources compare in the fields that these citations are about.

    The citations are given as one queryset for each kind of record.
    """
    for cited in _in_the_places_of(asked, everything, [one, other]).values():
        for (_record, field), citations in _by_place(cited).items():
            first, second = (
                tuple(c for c in citations if c.source_id == source.pk)
                for source in (one, other)
            )
            yield Comparison(
                record=citations[0].record,
                field=field,
                one=first,
                other=second,
                outcome=_outcome(first, second, everything),
            )


def first_in_each_place(citations):
    """Of citations for the same field of the same record, the one that came first."""
    same = citations.filter(record=OuterRef("record"), field=OuterRef("field"))
    return citations.exclude(Exists(same.filter(pk__lt=OuterRef("pk"))))


def first_cited(sources, most, everything=False, kinds=None):
    """Citations for the first fields that each of some sources speaks of, by kind.

    They are of so many fields of each kind of record; and whether these are all. A kind
    of which there are few is looked for no further than a source is read for any.
    """
    asked, are_all, left_out = {}, True, {}
    for kind in cited_types().values() if kinds is None else kinds:
        keys = set()
        for source in sources:
            cited = citations_seen(kind, everything).filter(source=source)
            place = kind.citation_model(), source
            if place not in left_out:
                left_out[place] = _first_left_out(*place)
            if left_out[place]:
                cited, are_all = cited.filter(pk__lt=left_out[place]), False
            first = first_in_each_place(cited).order_by("pk")
            found = list(first.values_list("pk", flat=True)[: most + 1])
            are_all = are_all and len(found) <= most
            keys.update(found[:most])
        if keys:
            cited = kind.citation_model().objects
            asked[kind] = cited.filter(pk__in=Among(sorted(keys)))
    return asked, are_all


def _first_left_out(table, source):
    """The first citation of a source that is not looked at; None if all of them are."""
    keys = table.objects.filter(source=source).order_by("pk")
    return keys.values_list("pk", flat=True)[LOOKED_AT : LOOKED_AT + 1].first()


def _cited_from(sources, everything):
    """What is cited from the sources, for each kind of record."""
    return {
        kind: citations_seen(kind, everything).filter(source__in=sources)
        for kind in cited_types().values()
    }


def _in_the_places_of(asked, everything, sources=None):
    """All that is cited for the same fields of the same records, for each kind."""
    found = {}
    for kind, citations in asked.items():
        same = citations.filter(record=OuterRef("record"), field=OuterRef("field"))
        rows = citations_seen(kind, everything).filter(
            Exists(same),
            record__in=citations.order_by().values("record"),  # by which they are found
        )
        rows = rows.order_by(*IN_ORDER)
        if sources is not None:
            rows = rows.filter(source__in=sources)
        found[kind] = _with_records(kind, rows, everything)
    return found


def _with_records(kind, citations, everything):
    """The citations with all that they are compared with, as the reader may see it."""
    found = list(with_records(citations, kind, everything))
    if not everything:
        for citation in found:
            hide_private_relations(citation.record)
    return found


def _by_place(citations):
    """The citations under the key of their record and the field that they are about."""
    places = {}
    for citation in citations:
        places.setdefault((citation.record_id, citation.field), []).append(citation)
    return places


def _support(field, citations, origins, everything):
    standings = {standing: [] for standing in Standing}
    for citation in citations:
        standings[standing_of(citation, everything)].append(citation)
    supporting, consistent, contradicting = (
        tuple(standings[standing])
        for standing in (Standing.AGREES, Standing.COMPATIBLE, Standing.CONTRADICTS)
    )
    sources = {citation.source_id for citation in supporting}
    number = independent(sources, origins)
    return Support(field, supporting, consistent, contradicting, number)


def _rests(source, left, origins):
    if not left.supporting:
        return Rests.ALONE
    own = origins[source.pk]
    apart = any(own.isdisjoint(origins[other.pk]) for other in left.sources)
    return Rests.INDEPENDENT if apart else Rests.GROUP


def _outcome(one, other, everything):
    if not (one and other):
        return Outcome.ONLY_ONE if one else Outcome.ONLY_OTHER
    standings = {
        _between(first, second, everything) for first in one for second in other
    }
    if Standing.CONTRADICTS in standings:
        return Outcome.DIFFER
    return Outcome.AGREE if Standing.AGREES in standings else Outcome.COMPATIBLE


def _between(one, other, everything):
    """How two citations for one field stand to each other.

    One that waits for another look says what it was cited for, and contradicts nobody
    before: its source may say what is recorded now.
    """
    waiting = {each for each in (one, other) if waits(each, everything)}
    first, second = (
        each.checked_against if each in waiting else each.stated
        for each in (one, other)
    )
    record = one.record.holder_of(one.field)
    standing = agreement_between(record, one.field, first, second)
    if waiting and standing == Standing.CONTRADICTS:
        return Standing.COMPATIBLE
    return standing
