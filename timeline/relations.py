"""Finds the relations of officials and agencies: events and offices in common.

Around an official stand those who took part in the same events, the agencies of these
events, and the agencies at which the person held office; around an agency those who
took part in its events, those who held office there, and what it is a part of or has as
its parts. Only what is public is known.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from heapq import nlargest
from itertools import combinations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from entities.models import Agency, Appointment, Official, Post
from provenance.db.batches import filtered
from provenance.models import Record
from provenance.values.grounds import is_general_knowledge

from .attendance import IN_OFFICE
from .chronicle import with_agency, with_official
from .models import Capacity, Event, Participation

NEWEST = ("-start_earliest", "-id")
MOST_EVENTS = 1_000  # of one official or agency; of more, the newest count
MOST_OFFICES = 500  # likewise
MOST_PARTS = 10_000


class Tie(TextChoices):
    """How two are connected; the first tells most."""

    COMMANDS = "commands", _("commands")
    HEADS = "heads", _("heads")
    PART_OF = "part-of", _("is part of")
    OFFICE = "office", _("holds office at")
    SIGNED = "signed", _("signed together")
    MET = "met", _("met")
    TOOK_PART = "took-part", _("took part in the same event")


DIRECTED = (Tie.COMMANDS, Tie.HEADS, Tie.PART_OF, Tie.OFFICE)
ROLE = Participation.Role
SIGNING = {*Participation.OF_AGREEMENTS, ROLE.SIGNATORY, ROLE.PARTY}
TIE_BY_TYPE = {Event.Type.MEETING: Tie.MET}


@dataclass
class Bond:
    """What connects two: events by the tie, offices, and of which one is a part."""

    events: dict[Tie, set[int]] = field(default_factory=lambda: defaultdict(set))
    offices: list[int] = field(default_factory=list)  # the keys of the appointments
    appointments: list[Appointment] = field(default_factory=list)  # of what is shown
    is_part: bool = False
    backwards: set[Tie] = field(default_factory=set)  # what goes from the other
    general: set[Tie] = field(default_factory=set)  # see ``look_up_grounds``

    @property
    def all_events(self):
        """The keys of the events in common."""
        return set().union(*self.events.values())

    @property
    def weight(self):
        """How many events and offices connect the two."""
        return len(self.all_events) + len(self.offices) + self.is_part

    @property
    def numbers(self):
        """How many events, offices or bodies make each tie, by the tie."""
        counted = Counter({tie: len(events) for tie, events in self.events.items()})
        for office in self.appointments:
            counted[_tie_of(office)] += 1
        counted[Tie.PART_OF] += self.is_part
        return {tie: counted[tie] for tie in Tie if counted[tie]}

    @property
    def tie(self):
        """The tie that tells most of it."""
        return next(iter(self.numbers))

    @property
    def in_words(self):
        """The ties, each with how often, marked if no source says when."""
        told = {tie: _counted(tie, number) for tie, number in self.numbers.items()}
        mark = _("not from the sources")
        told |= {tie: f"{told[tie]} ({mark})" for tie in self.general}
        return ", ".join(told.values())

    @property
    def is_general(self):
        """Whether no source dates the tie that tells most of it."""
        return self.tie in self.general


def _tie_of(office):
    return Tie.HEADS if office.post.kind == Post.Kind.HEAD else Tie.OFFICE


def _counted(tie, number):
    if tie == Tie.PART_OF:
        return str(tie.label)
    told = {
        Tie.COMMANDS: ngettext("commands %(n)d time", "commands %(n)d times", number),
        Tie.HEADS: ngettext(
            "head by %(n)d appointment", "head by %(n)d appointments", number
        ),
        Tie.OFFICE: ngettext("%(n)d office there", "%(n)d offices there", number),
        Tie.SIGNED: ngettext(
            "signed %(n)d agreement", "signed %(n)d agreements", number
        ),
        Tie.MET: ngettext("met %(n)d time", "met %(n)d times", number),
        Tie.TOOK_PART: ngettext(
            "%(n)d other event in common", "%(n)d other events in common", number
        ),
    }[tie]
    return told % {"n": number}


@dataclass
class Relation:
    """How one official or agency is connected with another one."""

    record: Official | Agency
    bond: Bond

    @property
    def events(self):
        return self.bond.all_events

    @property
    def appointments(self):
        return self.bond.appointments

    @property
    def weight(self):
        return self.bond.weight


@dataclass(frozen=True)
class Circle:
    """An official or agency with those around it, and the time of their events."""

    relations: list[Relation]  # the closest first, as many as are asked for
    number: int  # of all
    years: tuple[int, int] | None
    are_all: bool  # of its events, or else the newest are counted
    are_all_offices: bool  # likewise


def circle_of(record, events=None, offices=None, most=None):
    """The officials and agencies around this one, of these events and offices; if
    asked, at most so many.
    """
    events = Event.objects.published() if events is None else events
    rows = _newest_of(record, events, MOST_EVENTS + 1)
    are_all, rows = len(rows) <= MOST_EVENTS, rows[:MOST_EVENTS]
    here, bonds = key_of(record), defaultdict(Bond)
    for event, kind, parties in _attended({key: kind for _day, key, kind in rows}):
        own = parties.get(here, set())
        for other, roles in parties.items():
            if other != here:
                _tied(bonds[other], event, kind, own, roles)
    are_all_offices = _add_offices(bonds, record, offices)
    _add_parts(bonds, record)
    years = [day.year for day, _key, _kind in rows if day.year > 1]
    span = (min(years), max(years)) if years else None
    closest = _closest(bonds)
    relations = _relations(bonds, closest[:most])
    return Circle(relations, len(closest), span, are_all, are_all_offices)


def _newest_of(record, events, number, since=date.min):
    """So many of these events in which it took part, as day, key and type."""
    ask = with_official if isinstance(record, Official) else with_agency
    newest = ask(events, record).filter(start_earliest__gte=since).order_by(*NEWEST)
    return list(newest.values_list("start_earliest", "pk", "type")[:number])


def relations_of(record, events=None, offices=None):
    """The officials and agencies around this one, the closest first."""
    return circle_of(record, events, offices).relations


def key_of(record):
    """What tells an official or agency from all others: its model and key."""
    return type(record), record.pk


def bonds_among(records, events=None, offices=None):
    """What connects each two of these few officials and agencies, by their keys."""
    events = Event.objects.published() if events is None else events
    keys = defaultdict(set)
    for record in records:
        keys[type(record)].add(record.pk)
    theirs = {key_of(record) for record in records}
    bonds = defaultdict(Bond)
    for event, kind, parties in _attended(_events_of(records, events)):
        present = sorted(theirs & parties.keys(), key=_in_order)
        for one, other in combinations(present, 2):
            _tied(bonds[one, other], event, kind, parties[one], parties[other])
    offices = Appointment.objects.published_beside() if offices is None else offices
    held = offices.filter(official__in=keys[Official], post__agency__in=keys[Agency])
    held = held.order_by(*NEWEST).values_list("pk", "official", "post__agency")
    for key, official, agency in held[:MOST_OFFICES]:
        bonds[(Official, official), (Agency, agency)].offices.append(key)
    _look_up_offices(bonds.values())
    agencies = [record for record in records if isinstance(record, Agency)]
    for agency in agencies:
        if agency.parent_id in keys[Agency]:
            two = (Agency, agency.pk), (Agency, agency.parent_id)
            one, other = sorted(two, key=_in_order)
            bonds[one, other].is_part = True
            if one != two[0]:
                bonds[one, other].backwards.add(Tie.PART_OF)
    return {pair: bond for pair, bond in bonds.items() if bond.weight}


def look_up_grounds(bonds):
    """Gives these bonds the ties of which all that makes them is general knowledge.

    What is a part of another is not dated at all.
    """
    offices = [office for bond in bonds for office in bond.appointments]
    Appointment.look_up_grounds(offices)
    events = set().union(*(bond.all_events for bond in bonds))
    undated = Event.objects.filter(is_general_knowledge(Event, "start")).order_by()
    general = set(filtered(undated.values_list("pk", flat=True), pk=events))
    for bond in bonds:
        bond.general = {tie for tie, keys in bond.events.items() if keys <= general}
        sourced = {
            _tie_of(one) for one in bond.appointments if not one.general_knowledge
        }
        bond.general |= {_tie_of(one) for one in bond.appointments} - sourced


def _in_order(key):
    """Officials before agencies, so that a tie between them goes that way."""
    return key[0] is Agency, key[1]


def _events_of(records, events):
    """The newest of these events that any of these took part in, with their types."""
    # Of each by an index: sorted together they would be all that there are. What is
    # older than as many of others is none of the newest.
    newest, since = [], date.min
    for record in records:
        found = _newest_of(record, events, MOST_EVENTS, since)
        newest = nlargest(MOST_EVENTS, {*newest, *found})
        if len(newest) == MOST_EVENTS:
            since, _key, _kind = newest[-1]
    return {key: kind for _day, key, kind in newest}


def _attended(types):
    """Each of these events with its type, and who was there in which roles."""
    found = defaultdict(lambda: defaultdict(set))
    rows = Participation.objects.order_by()
    people = rows.filter(official__status__beside=Record.Status.PUBLISHED)
    office = Capacity.objects.filter(**IN_OFFICE).order_by()
    for model, columns in (
        (Official, people.values_list("event", "official", "role")),
        (
            Agency,
            rows.filter(agency__isnull=False).values_list("event", "agency", "role"),
        ),
        (
            Agency,
            office.values_list(
                "event", "appointment__post__agency", "participation__role"
            ),
        ),
    ):
        for event, key, role in filtered(columns, event=types):
            found[event][model, key].add(role)
    for event, kind in types.items():
        yield event, kind, found.get(event, {})


def _tied(bond, event, kind, own, others):
    """Adds an event at which one was in some roles, and the other in others."""
    tie = TIE_BY_TYPE.get(kind, Tie.TOOK_PART)
    if kind == Event.Type.AGREEMENT and own & SIGNING and others & SIGNING:
        tie = Tie.SIGNED
    elif kind == Event.Type.DEPLOYMENT:
        for one, other, is_back in ((own, others, False), (others, own, True)):
            if ROLE.ORDERING_AUTHORITY in one and ROLE.FORCE in other:
                tie = Tie.COMMANDS
                if is_back:
                    bond.backwards.add(tie)
    bond.events[tie].add(event)


def _add_offices(bonds, record, offices):
    """Adds where an official held office, or who held office at an agency, the newest
    first; says whether that is all.
    """
    offices = Appointment.objects.published_beside() if offices is None else offices
    own, there, kind = "official", "post__agency", Agency
    if not isinstance(record, Official):
        own, there, kind = there, own, Official
    held = offices.filter(**{own: record.pk}).order_by(*NEWEST)
    rows = list(held.values_list("pk", there)[: MOST_OFFICES + 1])
    for key, other in rows[:MOST_OFFICES]:
        bond = bonds[kind, other]
        bond.offices.append(key)
        if kind is Official:
            bond.backwards |= {Tie.HEADS, Tie.OFFICE}
    return len(rows) <= MOST_OFFICES


def _add_parts(bonds, record):
    """Adds what an agency is a part of, and its own parts."""
    if not isinstance(record, Agency):
        return
    if record.parent_id:
        bonds[Agency, record.parent_id].is_part = True
    parts = Agency.objects.published().filter(parent=record.pk)
    for key in parts.order_by("slug").values_list("pk", flat=True)[:MOST_PARTS]:
        bonds[Agency, key].is_part = True
        bonds[Agency, key].backwards.add(Tie.PART_OF)


def _closest(bonds):
    """The public ones of those whose keys these are, the closest first."""
    slugs = {}
    for model in (Official, Agency):
        public = model.objects.published().order_by().values_list("pk", "slug")
        keys = [key for kind, key in bonds if kind is model]
        slugs |= {(model, key): slug for key, slug in filtered(public, pk=keys)}
    return sorted(slugs, key=lambda other: (-bonds[other].weight, slugs[other]))


def _relations(bonds, closest):
    """The relations to these, in their order."""
    records = {}
    for model in (Official, Agency):
        keys = [key for kind, key in closest if kind is model]
        found = filtered(model.objects.order_by(), pk=keys)
        records |= {key_of(record): record for record in found}
    relations = [Relation(records[other], bonds[other]) for other in closest]
    _look_up_offices([one.bond for one in relations])
    return relations


def _look_up_offices(bonds):
    """Gives these bonds their appointments: one may have thousands of others."""
    keys = [key for bond in bonds for key in bond.offices]
    rows = Appointment.objects.order_by().select_related("post__agency", "official")
    found = {office.pk: office for office in filtered(rows, pk=keys)}
    for bond in bonds:
        bond.appointments = [found[key] for key in bond.offices if key in found]
