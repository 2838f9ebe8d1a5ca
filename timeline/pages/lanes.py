"""Events and statements in lanes: by kind, or by what they are of."""

from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from provenance.pages.addresses import asked, page_of
from provenance.values.labels import field_label
from provenance.web.time_axis import About

from ..chronicle import agencies_in
from ..models import Event, Statement

MOST = 12  # lanes: those that hold most
NAMED = 4  # of who took part; of more it is said how many
STATEMENT = "statement"
PAIR = "compared"  # two agencies, side by side
WAYS = ("", "agency", "official", "theme", "place")  # by which parameter, or by kind


@dataclass(frozen=True)
class Named:
    """A lane that is of no record, and its place among others of its sort."""

    label: str
    place: int
    type: str = ""  # that the timeline can be narrowed to, as that lane is

    @property
    def in_words(self):
        return self.label


def sorts():
    """The lanes of all kinds of what is on the timeline, by the words for these."""
    labels = dict(Event.Type.choices)
    labels[STATEMENT] = Statement._meta.verbose_name
    return {
        word: Named(capfirst(str(label)), place, word)
        for place, (word, label) in enumerate(labels.items())
    }


def sides(one, other):
    """The lanes of two agencies: what both were in stands between them."""
    both = {"one": one.in_words, "other": other.in_words}
    return (
        Named(one.in_words, 0),
        Named(_("%(one)s and %(other)s") % both, 1),
        Named(other.in_words, 2),
    )


@dataclass
class Lanes:
    """What is drawn, in lanes: under what each of them is of, in the order of lanes."""

    held: dict = field(default_factory=dict)
    left_out: int = 0  # lanes for which there is no room

    def add(self, of, item):
        """Puts an item into the lane of each of these; without one, into the last."""
        for one in of or [None]:
            self.held.setdefault(one, []).append(item)

    def sorted(self):
        """The fullest lanes, in the order of what they are of; the last is of nothing.

        That order stays as one goes through time, where how full they are does not.
        """
        named = [of for of in self.held if of is not None]
        fullest = sorted(named, key=lambda of: (-len(self.held[of]), of.in_words))
        self.left_out = len(fullest[MOST:])
        shown = sorted(fullest[:MOST], key=attrgetter("in_words"))
        if all(isinstance(of, Named) for of in shown):
            shown.sort(key=attrgetter("place"))
        if None in self.held:
            shown.append(None)
        return [(of, self.held[of]) for of in shown]


def lanes_of(way, events, statements, drawn, pair=()):
    """The lanes of some events and statements; ``drawn`` makes of each what is drawn.

    Events and statements have at hand what the public sees of their rows. Statements
    made at one event, or in one publication, on one date stand together. ``pair`` are
    the two agencies that are compared, if any are.
    """
    lanes, said = Lanes(), {}
    by_agency = way == "agency" or bool(pair)
    agencies = agencies_in(events) if by_agency else {}
    for event in events:
        of = agencies[event.pk] if by_agency else _of_event(way, event)
        lanes.add(_beside(pair, of), drawn(event))
    for statement in statements:
        of = _agencies_of(statement) if by_agency else _of_statement(way, statement)
        for one in _beside(pair, of) or [None]:
            said.setdefault(one, []).append(statement)
    for one, those in said.items():
        for _of, together in groupby(sorted(those, key=_occasion), _occasion):
            lanes.add([] if one is None else [one], drawn(*together))
    return lanes


def _beside(pair, of):
    """The lane of two agencies in which stands what is of these."""
    if not pair:
        return of
    first, both, second = sides(*pair)
    are_in = tuple(agency in of for agency in pair)
    return {(True, True): [both], (True, False): [first], (False, True): [second]}.get(
        are_in, []
    )


def _of_event(way, event):
    if not way:
        return [sorts()[event.type]]
    if way == "official":
        rows = event.participations.all()
        return list(dict.fromkeys(row.official for row in rows if row.official))
    if way == "theme":
        return list(event.themes.all())
    return [event.place] if event.place else []


def _of_statement(way, statement):
    if not way:
        return [sorts()[STATEMENT]]
    if way == "official":
        return [statement.official] if statement.official else []
    return list(statement.themes.all()) if way == "theme" else []


def _agencies_of(statement):
    offices = (office.post.agency for office in statement.capacities.all())
    found = dict.fromkeys((statement.agency, *offices))
    return [agency for agency in found if agency is not None]


def _occasion(statement):
    """What statements have in common that stand together."""
    return (
        str(statement.start),
        str(statement.end),
        statement.event_id or 0,
        statement.publication_id or 0 if not statement.event_id else 0,
        0 if statement.event_id or statement.publication_id else statement.pk,
    )


# What is drawn of them


def key_of(record):
    """By which a record is known on a drawing."""
    return f"{record.record_type}-{record.slug}"


def item_of(known_at, links, first, *others):
    """An event, or statements of one occasion, as ``drawing_of`` takes it."""
    records = (first, *others)
    states = {record.in_dispute for record in records} - {None}
    dispute = min(states, default="")  # open, if one is
    about = About(
        key=key_of(first),
        details=(
            *_details_of(records),
            *(_link_of(first, link) for link in _links_of(first, links)),
        ),
    )
    address = asked(_address_of(records), known_at=known_at)
    return first, _label_of(records), address, dispute, about


def _links_of(record, links):
    return links.get(record.pk, ()) if isinstance(record, Event) else ()


def _link_of(record, link):
    """What another event is to this one."""
    told = {"other": link.target.in_words, "kind": link.get_kind_display()}
    if link.event_id == record.pk:
        return capfirst(_("%(kind)s: %(other)s") % told)
    return _("%(other)s – %(kind)s this") % {**told, "other": link.event.in_words}


def _address_of(records):
    first, *others = records
    if not others:
        return page_of(first)
    occasion = "event" if first.event else "publication"
    narrowing = {occasion: getattr(first, occasion).slug}
    return asked(reverse("pages:statements-list"), **narrowing)


def _label_of(records):
    first, *others = records
    if not others:
        return first.in_words
    several = ngettext(
        "%(number)d statement: %(at)s", "%(number)d statements: %(at)s", len(records)
    )
    at = first.event or first.publication
    return several % {"number": len(records), "at": at.in_words}


def _details_of(records):
    """What a closer look tells: who, from how many sources, and what is disputed."""
    if people := _people_in(records):
        yield people
    sources = {one.source_id for record in records for one in record.citations.all()}
    yield ngettext("%d source", "%d sources", len(sources)) % len(sources)
    if any(record.general_knowledge for record in records):
        yield _("Its date is not from the sources.")
    for state, said in (("open", _("Disputed: %s")), ("settled", _("Settled: %s"))):
        fields = [
            field_label(_kind_of(record), dispute.field)
            for record in records
            for dispute in record.disputes.all()
            if dispute.public_state == state
        ]
        if fields:
            yield said % ", ".join(dict.fromkeys(fields))


def _people_in(records):
    """Who took part in them, or spoke; of many, the first and how many more."""
    found = dict.fromkeys(party for one in records for party in _parties_of(one))
    named = ", ".join(party.in_words for party in list(found)[:NAMED])
    more = len(found) - NAMED
    if more <= 0:
        return named
    several = ngettext(
        "%(named)s and %(more)d more", "%(named)s and %(more)d more", more
    )
    return several % {"named": named, "more": more}


def _parties_of(record):
    if isinstance(record, Statement):
        return [record.speaker] if record.speaker else []
    return record.parties


def _kind_of(record):
    """The kind of a record, which may have fields of its own."""
    if isinstance(record, Event):
        return Event._meta.get_field(record.type).related_model
    return type(record)
