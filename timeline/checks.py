"""Checks of events: that participants held their office, and are found by lists."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from provenance.checks import Rule, stored
from provenance.db.batches import batches, filtered
from provenance.models import Record
from provenance.values.spans import certainly_apart, in_words

from .attendance import out_of_step
from .models import Event, Participation


class OutsideAppointment(Rule):
    """Participations in an office that the official certainly did not hold then."""

    name = "outside-appointment"
    meaning = gettext_lazy("participations in an office that was not held at the time")

    def broken(self):
        event, office = (
            (f"{path}__start", f"{path}__end") for path in ("event", "appointment")
        )
        withdrawn = Record.Status.WITHDRAWN
        rows = (
            Participation.objects.filter(
                certainly_apart(event, office), appointment__isnull=False
            )
            .exclude(event__status=withdrawn)
            .exclude(appointment__status=withdrawn)
            .annotate(
                **stored(began=event[0], ended=event[1]),
                **stored(first=office[0], last=office[1]),
            )
            .order_by()
        )
        names = ("event__type", "event__slug", "role", "appointment__slug")
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
