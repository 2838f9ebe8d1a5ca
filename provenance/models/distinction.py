"""Distinctions: pairs of records that are marked as not duplicates."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..tracking.tracked import Tracked
from ..values.text import Key, Prose


class Distinction(Tracked):
    """Two records of one kind that are not the same, and why."""

    type = models.CharField(
        max_length=32, help_text=_("The kind of record, as in citations: agency.")
    )
    one = Key(help_text=_("The slug of the one that comes first in the alphabet."))
    other = Key(help_text=_("The slug of the other."))
    note = Prose(blank=True, help_text=_("Why they are not duplicates."))

    class Meta:
        ordering = ["type", "one", "other"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "one", "other"],
                name="provenance_distinction_recorded_once",
                violation_error_message=_(
                    "These two are already marked as not duplicates."
                ),
            ),
            models.CheckConstraint(
                condition=Q(one__lt=F("other")),
                name="provenance_distinction_in_order",
                violation_error_message=_(
                    "Name two records, in the order of the alphabet."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.type}: {self.one} ≠ {self.other}"
