"""Checks of events: that participants held the office in which they took part."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from provenance.checks import Rule, stored
from provenance.models import Record
from provenance.values.spans import certainly_apart, in_words

from .models import Participation


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
