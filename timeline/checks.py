"""Checks of events and observations: offices, lists of who attended, codes."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from provenance.checks import Rule, standing, stored
from provenance.db.batches import batches, filtered
from provenance.values.spans import certainly_apart, in_words

from . import breakdown, presence
from .attendance import out_of_step
from .models import Capacity, Event, Observation, ObservationCode


class OutsideAppointment(Rule):
    """Participations in an office that the official certainly did not hold then."""

    name = "outside-appointment"
    meaning = gettext_lazy("participations in an office that was not held at the time")

    def broken(self):
        dated = Capacity.objects.exclude(participation__date="")
        undated = Capacity.objects.filter(participation__date="")
        yield from self._among(dated, ("participation__date",) * 2)
        yield from self._among(undated, ("event__start", "event__end"))

    def _among(self, rows, event):
        office = ("appointment__start", "appointment__end")
        rows = (
            rows.filter(
                certainly_apart(event, office), standing("event", "appointment")
            )
            .annotate(
                **stored(began=event[0], ended=event[1]),
                **stored(first=office[0], last=office[1]),
            )
            .order_by()
        )
        names = ("event__type", "event__slug", "participation__role")
        names += ("appointment__slug",)
        spans = ("began", "ended", "first", "last")
        for kind, slug, role, appointment, *days in rows.values_list(*names, *spans):
            message = _(
                "The %(role)s took part as “%(slug)s”, which lasted %(office)s, "
                "and it happened %(event)s; name another office, or correct a date."
            ) % {
                "role": role,
                "slug": appointment,
                "event": in_words(*days[:2]),
                "office": in_words(*days[2:]),
            }
            yield kind, slug, "participations", message


class StaleAttendance(Rule):
    """Events of which it is stored that others attended than are recorded."""

    name = "stale-attendance"
    meaning = gettext_lazy("lists of who attended an event that are out of step")

    def broken(self):
        known = Event.objects.order_by().values_list("pk", "type", "slug")
        message = _(
            "Lists of events by official and agency are out of step with its "
            "participations; save it again."
        )
        for keys in batches(out_of_step()):
            found = {key: names for key, *names in filtered(known, pk=keys)}
            for key in keys:
                kind, slug = found.get(key, (Event.type_name(), ""))
                yield kind, slug, "participations", message


class StalePresence(Rule):
    """Officials and agencies of which another number of events is stored."""

    name = "stale-presence"
    meaning = gettext_lazy("numbers of events that are out of step")

    def broken(self):
        message = _("The number of its events is out of step; save it again.")
        for model in presence.TABLES:
            slugs = model.objects.order_by().values_list("slug", flat=True)
            for keys in batches(presence.out_of_step(model)):
                for slug in filtered(slugs, pk=keys):
                    yield model.type_name(), slug, "", message


class UnsoundCodes(Rule):
    """Observations of codes that they must not be of, as the record is now."""

    name = "unsound-codes"
    meaning = gettext_lazy("observations of undeclared, hidden or misfiled codes")

    def broken(self):
        rows = ObservationCode.objects.select_related("observation", "code__dimension")
        misfiled = _(
            "The code is stored as one of another dimension; save the code anew."
        )
        for found, said_of in (
            (breakdown.undeclared(rows), breakdown.not_declared),
            (breakdown.hidden(rows), breakdown.not_published),
            (breakdown.in_another_list(rows), lambda row: misfiled),
        ):
            for row in found.order_by("observation_id").iterator():
                said = capfirst(str(said_of(row)))
                yield Observation.type_name(), row.observation.slug, "codes", said
