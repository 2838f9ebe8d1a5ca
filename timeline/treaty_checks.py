"""Checks of agreements: that their states, their dates and their parties' fit."""

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from provenance.checks import Level, Rule, as_text, standing, stored
from provenance.values.spans import before, certain

from .models import Agreement, Participation
from .models.kinds import Today

State = Agreement.State


class StateAgainstDates(Rule):
    """Agreements whose stated state is not the one that their dates have come to."""

    name = "state-against-dates"
    meaning = gettext_lazy("agreements in a state that their dates contradict")
    # The last states that can be stated once each date has passed.
    AFTER = {
        "adopted": {*State} - {State.PROPOSED, State.EXPECTED},
        "signed": {*State} - {State.PROPOSED, State.EXPECTED, State.ADOPTED},
        "entered_into_force": {State.IN_FORCE, State.EXPIRED, State.TERMINATED},
        "terminated": {State.EXPIRED, State.TERMINATED},
    }
    # And the states that cannot be stated while the date is still to come.
    BEFORE = {
        "adopted": {State.ADOPTED},
        "signed": {State.SIGNED},
        "entered_into_force": {State.IN_FORCE},
        "terminated": {State.EXPIRED, State.TERMINATED},
    }

    def broken(self):
        stated = Agreement.objects.filter(standing("")).exclude(state="").order_by()
        for name in Agreement.STAGES:
            passed = Q(**{f"{name}_latest__lt": Today()}) & certain(name)
            passed &= ~Q(state__in=self.AFTER[name])
            ahead = Q(**{f"{name}_earliest__gt": Today()}) & ~Q(**{name: ""})
            ahead &= Q(state__in=self.BEFORE[name])
            wrong = stated.filter(passed | ahead).annotate(**stored(day=name))
            for slug, state, day in wrong.values_list("slug", "state", "day"):
                message = _(
                    "Its state is “%(state)s”, and “%(name)s” says “%(day)s”; correct "
                    "one of the two, or empty the state, which follows from the dates."
                )
                said = {"state": state, "name": name, "day": day}
                yield "agreement", slug, "state", message % said


class DatesInDisorder(Rule):
    """Agreements and actions of parties that come before what they need."""

    name = "treaty-dates"
    meaning = gettext_lazy("dates of agreements and of their parties out of order")
    ORDER = (
        ("adopted", "signed"),
        ("adopted", "entered_into_force"),
        ("adopted", "terminated"),
        ("signed", "terminated"),
        ("entered_into_force", "terminated"),
    )
    # Of a party: its date, that of the agreement which cannot be later, and the roles
    # that this is true of. A successor may be bound from the day of its independence.
    OF_PARTIES = (
        ("date", "adopted", (*Participation.CONSENTS, Participation.Role.SIGNATORY)),
        (
            "effective",
            "entered_into_force",
            set(Participation.CONSENTS) - {Participation.Role.SUCCESSION},
        ),
    )
    # And what no party does once the agreement has ended. What frees it may be bound to
    # have effect later than that.
    ONLY_BEFORE_THE_END = (
        (
            "date",
            (
                *Participation.CONSENTS,
                *Participation.EXITS,
                Participation.Role.SIGNATORY,
            ),
        ),
        (
            "effective",
            (
                *Participation.CONSENTS,
                Participation.Role.SIGNATORY,
                Participation.Role.PARTY,
            ),
        ),
    )

    def broken(self):
        for first, later in self.ORDER:
            yield from self._of_agreements(first, later)
        yield from self._of_conclusion()
        for own, needed, roles in self.OF_PARTIES:
            yield from self._before_it_can(own, needed, roles)
        for own, roles in self.ONLY_BEFORE_THE_END:
            yield from self._after_the_end(own, roles)

    def _of_agreements(self, first, later):
        rows = Agreement.objects.filter(
            before(later, first), certain(first, later), standing("")
        )
        rows = rows.annotate(**stored(one=first, other=later)).order_by()
        for slug, one, other in rows.values_list("slug", "one", "other"):
            message = _(
                "“%(later)s” is “%(other)s”, before “%(first)s”, “%(one)s”; correct "
                "one of the two."
            )
            said = {"first": first, "later": later, "one": one, "other": other}
            yield "agreement", slug, later, message % said

    def _of_conclusion(self):
        """It is concluded by adopting or by signing it."""
        dated = ~Q(adopted="") | ~Q(signed="")
        apart = Q()
        for name in ("adopted", "signed"):
            no_such = Q(**{name: ""})
            apart &= no_such | before(name, "start") | before("start", name)
        rows = Agreement.objects.filter(
            ~Q(start=""), dated, apart, certain("start", "adopted", "signed")
        ).filter(standing(""))
        rows = rows.annotate(**stored(begun="start", one="adopted", other="signed"))
        names = ("slug", "begun", "one", "other")
        for slug, begun, one, other in rows.order_by().values_list(*names):
            message = _(
                "It is dated “%(begun)s”, and it was adopted “%(adopted)s” and signed "
                "“%(signed)s”; its date is the one or the other."
            )
            said = {"begun": begun, "adopted": one, "signed": other}
            yield "agreement", slug, "start", message % said

    def _before_it_can(self, own, needed, roles):
        path = f"event__agreement__{needed}"
        for said in self._of_parties(before(own, path), own, path, roles):
            message = _(
                "The %(role)s of a party has “%(one)s” as %(own)s, before "
                "“%(needed)s” of the agreement, “%(other)s”; correct one of the two."
            )
            said |= {"own": own, "needed": needed}
            yield "agreement", said["slug"], f"participations.{own}", message % said

    def _after_the_end(self, own, roles):
        path = "event__agreement__terminated"
        for said in self._of_parties(before(path, own), own, path, roles):
            message = _(
                "The %(role)s of a party has “%(one)s” as %(own)s, after the agreement "
                "was terminated, “%(other)s”; correct one of the two."
            )
            said |= {"own": own}
            yield "agreement", said["slug"], f"participations.{own}", message % said

    def _of_parties(self, out_of_order, own, path, roles):
        """What parties did, of which the date and one of the agreement are so."""
        rows = Participation.objects.filter(
            out_of_order, certain(own, path), standing("event"), role__in=roles
        )
        rows = rows.annotate(**stored(slug="event__slug", one=own, other=path))
        return rows.order_by().values("slug", "role", "one", "other")


class RepeatedActions(Rule):
    """Two rows that may be about one action of a party, told with two dates."""

    name = "repeated-actions"
    level = Level.WARNING
    meaning = gettext_lazy("actions of parties that may be recorded twice")

    def broken(self):
        for party in ("official", "agency"):
            yield from self._of(party)

    def _of(self, party):
        same = {name: OuterRef(name) for name in ("event", party, "role")}
        twins = Participation.objects.filter(
            **same,
            pk__gt=OuterRef("pk"),
            date_earliest__lte=OuterRef("date_latest"),
            date_latest__gte=OuterRef("date_earliest"),
        ).order_by("pk")
        rows = (
            Participation.objects.filter(
                standing("event"), **{f"{party}__isnull": False}
            )
            .annotate(**stored(one="date"))
            .annotate(other=Subquery(twins.values(day=as_text("date"))[:1]))
            .exclude(other=None)
            .order_by()
        )
        names = ("event__type", "event__slug", f"{party}__slug", "role")
        names += ("one", "other")
        for kind, slug, who, role, one, other in rows.values_list(*names):
            message = _(
                "“%(who)s” has the role “%(role)s” twice, dated “%(one)s” and "
                "“%(other)s”, which may be the same; remove one of the two, or make "
                "both dates exact."
            )
            said = {"who": who, "role": role, "one": one, "other": other}
            yield kind, slug, "participations", message % said
