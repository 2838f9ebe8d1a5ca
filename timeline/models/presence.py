"""At how many events officials and agencies were: what their lists are sorted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Presence(models.Model):
    """At how many public events one official or agency was, and when last.

    It is no record: ``timeline.presence`` derives it at the end of each change, so that
    a list of very many is read along an index in the order of these numbers.
    """

    party = models.BigIntegerField(
        primary_key=True, help_text=_("The key of the official or the agency.")
    )
    events = models.PositiveIntegerField(
        help_text=_("How many events there are, as far as it is worth counting.")
    )
    seen = models.DateField(
        help_text=_(
            "The first day of the last event that had begun by then; the year 1 if "
            "there is none."
        )
    )

    class Meta:
        abstract = True
        default_permissions = ()
        indexes = [
            models.Index(fields=["events", "party"]),
            models.Index(fields=["seen", "party"]),
        ]

    def __str__(self):
        return f"{self.party}: {self.events}"


class OfficialPresence(Presence):
    """At how many public events one official was, and when last."""


class AgencyPresence(Presence):
    """At how many public events one agency was, and when last."""
