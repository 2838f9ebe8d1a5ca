"""Who was at which event, in the order in which their lists go."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Official
from provenance.values.text import Word

from .event import Event


class Attendance(models.Model):
    """That an official or an agency took part in an event, once, in whatever roles.

    An agency did so itself, or by somebody whose office there the public may know. It
    is no record: ``timeline.attendance`` derives it from participations at the end of
    each change, so that the events of one who was at very many are read like a page of
    the timeline. It has no key to what it names in the database: a row of an event
    that is deleted goes at the end of that change.
    """

    event = models.ForeignKey(
        Event,
        models.DO_NOTHING,
        related_name="attendances",
        db_constraint=False,
        help_text=_("The event."),
    )
    official = models.ForeignKey(
        Official,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text=_("The person; or else the agency."),
    )
    agency = models.ForeignKey(
        Agency,
        models.DO_NOTHING,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        help_text=_("The agency; or else the person."),
    )
    start_earliest = models.DateField(
        help_text=_("The first day on which the event can have begun.")
    )
    end_latest = models.DateField(
        help_text=_("The last day on which the event can have ended.")
    )
    type = Word(choices=Event.Type, help_text=_("The type of the event."))

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(
                fields=[party, "start_earliest", "event", "end_latest", "type"],
                condition=Q(**{f"{party}__isnull": False}),
                name=f"timeline_attendance_{party}",
            )
            for party in ("official", "agency")
        ]

    def __str__(self):
        return f"{self.official or self.agency}, {self.event}"
