"""Disputes: where sources contradict what is recorded, open or settled."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..registry.kinds import record_types
from ..tracking.tracked import Tracked, TrackedQuerySet
from ..values.contradiction import Contradiction
from ..values.labels import field_label
from ..values.text import Prose, Word
from ..values.translations import translation_of
from .citation import Citation


class DisputeQuerySet(TrackedQuerySet):
    """What is asked of the disputes about every kind of record."""

    def labelled(self):
        """The same with the records that a label names, in one query."""
        joins = self.model.disputed_model().public_through
        return self.select_related("record", *(f"record__{path}" for path in joins))


class Dispute(Tracked):
    """One contradiction about one field of one record; derived, never typed in.

    What sources say otherwise is settled at their citations. What other records say
    otherwise, for which no field is named, is settled here.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SETTLED = "settled", _("settled")

    in_stream_of_changes = True
    Kind = Contradiction
    Assessment = Citation.Assessment

    field = models.CharField(
        max_length=32,
        blank=True,
        help_text=_("The field in dispute; empty if other records contradict it."),
    )
    kind = Word(choices=Kind, help_text=_("What sort of contradiction it is."))
    state = Word(
        choices=State,
        default=State.OPEN,
        help_text=_("Whether it is open or settled."),
    )
    public_state = Word(
        choices=State,
        blank=True,
        help_text=_(
            "The same as far as the public can know, from published sources and "
            "records alone; empty if it knows of none."
        ),
    )
    opened_at = models.DateTimeField(
        default=timezone.now, help_text=_("When it was found, or opened again.")
    )
    against = models.TextField(
        blank=True,
        help_text=_(
            "What the contradicting records say, if it is records that contradict it."
        ),
    )
    assessment = Word(
        choices=Assessment,
        blank=True,
        help_text=_("Why records contradict each other; it needs a note."),
    )
    note = Prose(
        blank=True, help_text=_("The reason for the assessment; it is public.")
    )
    note_es = translation_of(note, _("Spanish note"))
    checked_against = models.TextField(
        blank=True, help_text=_("What other records said when it was assessed.")
    )

    objects = DisputeQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-opened_at", "pk"]
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        constraints = [
            models.UniqueConstraint(
                fields=["record", "field", "kind"],
                name="%(app_label)s_%(class)s_recorded_once",
                violation_error_message=_("This dispute is already on record."),
            ),
            models.CheckConstraint(
                condition=Q(assessment="") | ~Q(note=""),
                name="%(app_label)s_%(class)s_assessment_with_a_reason",
                violation_error_message=_(
                    "An assessment needs a note that gives the reason."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "opened_at", "id"]),
            models.Index(fields=["public_state", "opened_at", "id"]),
            models.Index(fields=["state", "id"]),
            models.Index(fields=["public_state", "id"]),
        ]

    def __str__(self):
        return f"{self.record}: {self.label}"

    @property
    def label(self):
        """What is in dispute: the field, or how other records contradict this one."""
        kind = record_types()[self.record.record_type]
        name = self.field or kind.opposed_in
        return field_label(kind, name) if name else str(self.get_kind_display())

    def seen_state(self, everything):
        """Whether it is open or settled to somebody; empty if they know of none."""
        return self.state if everything else self.public_state

    @property
    def key(self):
        """Its name in the collection of disputes, whatever kind its record is of."""
        return f"{self.record.record_type}-{self.pk}"

    @classmethod
    def disputed_model(cls):
        """The kind of record that these disputes are about."""
        return cls._meta.get_field("record").related_model


def disputes(model):
    """The column that says which record of a kind is in dispute."""
    return models.ForeignKey(
        model,
        models.CASCADE,
        related_name="disputes",
        help_text=_("The record in dispute."),
    )
