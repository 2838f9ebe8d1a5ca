"""Events and statements in lanes: by kind, or by what they are of."""

from dataclasses import dataclass, field
from itertools import groupby

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
WAYS = ("", "agency", "official", "theme", "place")  # by which parameter, or by kind


@dataclass(frozen=True)
class Sort:
    """A kind of what is on the timeline, as a lane."""

    word: str
    label: str

    def __str__(self):
        return capfirst(self.label)


def sorts():
    """All kinds, in the order of their lanes."""
    labels = dict(Event.Type.choices)
    labels[STATEMENT] = Statement._meta.verbose_name
    return {word: Sort(word, str(label)) for word, label in labels.items()}


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
        fullest = sorted(named, key=lambda of: (-len(self.held[of]), str(of)))
        self.left_out = len(fullest[MOST:])
        order = {sort: place for place, sort in enumerate(sorts().values())}
        shown = sorted(fullest[:MOST], key=lambda of: (order.get(of, 0), str(of)))
        if None in self.held:
            shown.append(None)
        return [(of, self.held[of]) for of in shown]


def lanes_of(way, events, statements, drawn):
    """The lanes of some events and statements; ``drawn`` makes of each what is drawn.

    Events and statements have at hand what the public sees of their rows. Statements
    made at one event, or in one publication, on one date stand together.
    """
    lanes = Lanes()
    agencies = agencies_in(events) if way == "agency" else {}
    for event in events:
        lanes.add(_of_event(way, event, agencies), drawn(event))
    said = {}
    for statement in statements:
        for of in _of_statement(way, statement) or [None]:
            said.setdefault(of, []).append(statement)
    for of, those in said.items():
        for _of, together in groupby(sorted(those, key=_occasion), _occasion):
            lanes.add([] if of is None else [of], drawn(*together))
    return lanes


def _of_event(way, event, agencies):
    if not way:
        return [sorts()[event.type]]
    if way == "agency":
        return agencies[event.pk]
    if way == "official":
        rows = event.participations.all()
        return list(dict.fromkeys(row.official for row in rows if row.official))
    if way == "theme":
        return list(event.themes.all())
    return [event.place] if event.place else []


def _of_statement(way, statement):
    if not way:
        return [sorts()[STATEMENT]]
    if way == "agency":
        offices = (office.post.agency for office in statement.capacities.all())
        found = [statement.agency, *offices]
    elif way == "official":
        found = [statement.official]
    elif way == "theme":
        found = list(statement.themes.all())
    else:
        found = []
    return list(dict.fromkeys(one for one in found if one is not None))


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
            *(
                f"{link.event} {link.get_kind_display()} {link.target}"
                for link in links.get(first.pk, ())
                if isinstance(first, Event)
            ),
        ),
        dispute=dispute,
        is_general=any(record.is_general for record in records),
    )
    address = asked(_address_of(records), known_at=known_at)
    return first, _label_of(records), address, bool(dispute), about


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
        return str(first)
    several = ngettext(
        "%(number)d statement: %(at)s", "%(number)d statements: %(at)s", len(records)
    )
    return several % {"number": len(records), "at": first.event or first.publication}


def _details_of(records):
    """What a closer look tells: who, from how many sources, and what is disputed."""
    if people := _people_in(records):
        yield people
    sources = {one.source_id for record in records for one in record.citations.all()}
    yield ngettext("%d source", "%d sources", len(sources)) % len(sources)
    if any(record.is_general for record in records):
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
    named, more = ", ".join(map(str, list(found)[:NAMED])), len(found) - NAMED
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
