"""Compares two dates: who held which office, names, agreements, deployments, figures.

What may have held on a date counts as possible. So something surely changed if it
certainly held on the one date and cannot have on the other; else, if what is possible
differs, it may have. A figure surely changed if none that is known of the one date can
be that of the other; if it is known of one of the dates alone, that tells of no sure
change.
"""

from dataclasses import dataclass, field
from datetime import date
from itertools import product

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entities.models import Agency, AgencyName, Appointment, OfficialName
from provenance.evidence.visibility import hide_private_relations, public_rows
from provenance.models import Record
from provenance.values.periods import LENGTH_NAMES, OTHER, length_of
from provenance.values.quantities import Quantity
from provenance.values.translations import told

from .chronicle import with_agency
from .models import Agreement, Deployment, Observation, ObservationCode

MOST = 20_000  # rows of one kind that are read for one date
LISTED = 200  # changes of one kind that are told
SURE = "yes"


@dataclass(frozen=True)
class Held:
    """What held on a date: in words, the record that leads to, and how surely."""

    what: str
    record: Record
    holds: str
    quantity: Quantity | None = None
    is_general: bool = False  # no source states one of the dates that it rests on

    def rules_out(self, other):
        """Whether both cannot be said of the same."""
        if self.quantity and other.quantity:
            return self.quantity.is_apart_from(other.quantity)
        return self.what != other.what


def told_by(row, what, record, holds, quantity=None):
    """What a row tells, by dates that may be general knowledge."""
    return Held(what, record, holds, quantity, bool(row.general_knowledge))


@dataclass
class Change:
    """What was said of one subject on two dates, if that is not the same."""

    subject: Record
    about: str  # which of several things about it, in words
    before: list[Held] = field(default_factory=list)
    after: list[Held] = field(default_factory=list)
    of_one_value: bool = False  # whether all that is on record tells of one number

    @property
    def order(self):
        """What is sure comes first, then by the subject."""
        return not self.is_sure, self.subject.in_words, self.about, self.subject.slug

    @property
    def differs(self):
        """Whether what is possible is otherwise on the other date."""
        sides = ({held.what for held in side} for side in (self.before, self.after))
        before, after = sides
        return before != after

    @property
    def is_sure(self):
        """Whether something certain on one date cannot have been on the other."""
        if self.of_one_value:
            return self._is_apart
        sides = (self.before, self.after), (self.after, self.before)
        return any(
            held.holds == SURE and all(map(held.rules_out, others))
            for these, others in sides
            for held in these
        )

    @property
    def _is_apart(self):
        """Whether no figure of one date can be that of the other, and some is certain.

        What is not on record may have been all the same; figures of one date that
        contradict each other leave open which of them was right.
        """
        pairs = list(product(self.before, self.after))
        return any(SURE in (one.holds, other.holds) for one, other in pairs) and all(
            one.rules_out(other) for one, other in pairs
        )


@dataclass(frozen=True)
class Changes:
    """The changes of one kind: the sure ones first, and how many there are."""

    name: str
    title: str
    found: list[Change]
    sure: int
    maybe: int
    same: int

    @property
    def number(self):
        return self.sure + self.maybe


class Aspect:
    """One kind of thing that is compared: who or what it is about, and what held."""

    name, title = "", ""
    of_one_value = False

    def tables(self, agencies):
        """The rows that tell of it; those of these agencies, if any are asked for."""
        raise NotImplementedError

    def on(self, rows, when):
        """Those of the rows that held on a date."""
        return rows.as_of(when)

    def told(self, row, when):
        """The key of the subject, the subject, what about it, and what held of it."""
        raise NotImplementedError

    def changes(self, one, other, agencies):
        """What is otherwise on the other date."""
        found = {}
        for when, side in ((one, "before"), (other, "after")):
            for row in self.read(when, agencies):
                key, subject, about, held = self.told(row, when)
                change = found.setdefault(
                    key, Change(subject, about, of_one_value=self.of_one_value)
                )
                getattr(change, side).extend(held)
        changed = [change for change in found.values() if change.differs]
        changed.sort(key=lambda change: change.order)
        sure = sum(change.is_sure for change in changed)
        maybe, same = len(changed) - sure, len(found) - len(changed)
        return Changes(self.name, self.title, changed[:LISTED], sure, maybe, same)

    def read(self, when, agencies):
        """What held on a date; refused if it is too much to compare."""
        for rows in self.tables(agencies):
            found = list(self.on(rows, when)[: MOST + 1])
            if len(found) > MOST:
                message = _(
                    "On %(date)s more held than is compared at once (%(most)d rows of "
                    "a kind); narrow it to one agency."
                )
                told = {"date": when, "most": MOST}
                error = ValidationError(message % told, "too_many")
                raise ValidationError({"agency": error})
            rows.model.look_up_attested(found)
            rows.model.look_up_grounds(found)
            yield from found


class Offices(Aspect):
    """Who held which office; who was only nominated did not."""

    name, title = "offices", gettext_lazy("Offices")

    def tables(self, agencies):
        held = Appointment.objects.published().exclude(kind=Appointment.Kind.NOMINEE)
        if agencies:
            held = held.filter(post__agency__in=agencies)
        yield held.select_related("official", "post__agency")

    def told(self, row, when):
        held = told_by(row, row.official.in_words, row.official, row.holds(when))
        return row.post_id, row.post, row.post.agency.in_words, [held]


class Names(Aspect):
    """What agencies and officials were called; no translations, no misspellings."""

    name, title = "names", gettext_lazy("Names")

    def tables(self, agencies):
        in_use = AgencyName.IN_USE
        names = AgencyName.objects.filter(
            kind__in=in_use, agency__status__beside=Record.Status.PUBLISHED
        )
        if agencies:
            yield names.filter(agency__in=agencies).select_related("agency")
            return
        yield names.select_related("agency")
        yield OfficialName.objects.filter(
            kind__in=in_use, official__status__beside=Record.Status.PUBLISHED
        ).select_related("official")

    def told(self, row, when):
        subject = getattr(row, row.owner)
        held = told_by(row, row.text, subject, row.holds(when))
        return (row.owner, subject.pk), subject, "", [held]


class Agreements(Aspect):
    """Which agreements there were, and how far they had come."""

    name, title = "agreements", gettext_lazy("Agreements")

    def tables(self, agencies):
        yield _of_agencies(Agreement, agencies)

    def on(self, rows, when):
        return rows.filter(start_earliest__lte=when.latest)

    def told(self, row, when):
        state = row.current_state
        about = _("now %s") % Agreement.State(state).label if state else ""
        return row.pk, row, about, list(states_on(row, when))


class Deployments(Aspect):
    """Which deployments were under way."""

    name, title = "deployments", gettext_lazy("Deployments")

    def tables(self, agencies):
        yield _of_agencies(Deployment, agencies)

    def told(self, row, when):
        unit, number = row.unit_of("personnel"), row.personnel
        what = unit.behind(number.readable) if number else _("under way")
        return row.pk, row, "", [told_by(row, what, row, row.holds(when))]


class Figures(Aspect):
    """What was observed of the metrics: each by place, codes, population, modality, who
    reports it and, of what adds up, how long the window is.
    """

    name, title = "metrics", gettext_lazy("Metrics")
    of_one_value = True

    def tables(self, agencies):
        seen = Observation.objects.published().exclude(value="")
        if agencies:
            seen = seen.filter(reported_by__in=agencies)
        seen = seen.select_related("metric", "place", "reported_by")
        codes = public_rows(ObservationCode.objects.select_related("code"), ["code"])
        yield seen.prefetch_related(Prefetch("code_rows", codes))

    def told(self, row, when):
        hide_private_relations(row)
        length, days = self.window(row)
        key = row.likeness, row.reported_by_id, length, days
        records = row.place, *row.breakdown
        about = (
            *(record.in_words for record in records if record),
            told(row, "population"),
            row.get_modality_display(),
            row.reported_by.in_words if row.reported_by else "",
            LENGTH_NAMES.get(length),
        )
        about = ", ".join(text for text in map(str, filter(None, about)) if text)
        what = row.unit_of("value").behind(row.value.readable)
        held = told_by(row, what, row, self.holds(row, when), row.value)
        return key, row.metric, about, [held]

    @staticmethod
    def window(row):
        """How long its window is, in a word, and in days if there is none for that;
        nothing where that is no matter.
        """
        if not row.metric.adds_up:
            return "", None
        begins, _begun, _ending, ended = row.days
        length = length_of(begins, ended)
        return length, (ended - begins).days if length == OTHER else None

    @staticmethod
    def holds(row, when):
        """Whether the window has the date in it: one that is a month is all of it."""
        begins, _begun, _ending, ended = row.days
        covers = begins <= when.earliest and when.latest <= ended < date.max
        return SURE if covers and row.has_sure_dates else row.holds(when)


ASPECTS = (Offices(), Names(), Agreements(), Deployments(), Figures())


def states_on(agreement, when):
    """How far an agreement had come on a date: surely, likely, or what may have been.

    If no date of its stages is known, whether it was concluded. The stage that it is in
    now may have come with the one before it, if nothing says when it did. By a date
    that is general knowledge it has likely come.
    """
    reached, has_come = [], False
    for label, name in _stages(agreement):
        day = getattr(agreement, name) if name else None
        has_come = day.earliest <= when.latest if day else has_come
        if has_come:
            is_sure = bool(day) and day.latest <= when.earliest and not day.mark
            is_general = bool(day) and not agreement.rests_on_sources(name)
            reached = [] if is_sure else reached
            reached.append((label, is_sure, is_general))
    for label, is_sure, is_general in reached:
        holds = "maybe"
        if is_sure and len(reached) == 1:
            holds = "likely" if is_general else SURE
        yield Held(str(label), agreement, holds, is_general=is_general)


def _stages(agreement):
    """The stages of an agreement that have a date, and the one that it is in now, in
    their order, each with the name of its date.
    """
    states = Agreement.State
    dates = {state: name for name, state in Agreement.STAGES.items()}
    now = agreement.state
    if now == states.EXPIRED:  # which is dated as the end is
        dates[now] = dates.pop(states.TERMINATED)
    dated = {name for name in dates.values() if getattr(agreement, name)}
    stages = [
        (states(each).label, name if name in dated else "")
        for each, name in dates.items()
        if name in dated or each == now
    ]
    if dated:
        return stages
    is_later = now not in (states.ADOPTED, states.SIGNED)
    return [(_("concluded"), "start"), *(stages if is_later else [])]


def _of_agencies(kind, agencies):
    """The published events of a kind; those that one of the agencies took part in."""
    events = kind.objects.published()
    return with_agency(events, *agencies) if agencies else events


def compare(one, other, agency=None):
    """What is otherwise on the other of two partial dates, by kind.

    With an agency, what is about it and those below it. Raises ValidationError, by
    parameter, if on one of the dates more held than is compared at once.
    """
    agencies = []
    if agency is not None:
        public = Agency.objects.published()
        agencies = Agency.and_below(agency, among=public)
    return [aspect.changes(one, other, agencies) for aspect in ASPECTS]
