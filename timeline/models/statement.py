"""Statements: who said what, where and when, and whom or what they said it of."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Appointment, Official
from provenance.db.batches import filtered
from provenance.models import (
    BY_DATE,
    BY_NAME,
    Citation,
    DatedRecordQuerySet,
    Dispute,
    Record,
    Source,
    by_length,
    cites,
    disputes,
    in_order,
)
from provenance.tracking.tracked import Tracked
from provenance.values.dates import Dated
from provenance.values.text import Line, Word
from provenance.values.translations import originals, translation_of

from .event import Event, Theme


class StatementQuerySet(DatedRecordQuerySet):
    """Statements, which can be those made for an agency."""

    # The office is public, as is all that it takes to tell of it.
    IN_OFFICE = {
        f"{record}__status__beside": Record.Status.PUBLISHED
        for record in ("appointment", "appointment__official", "appointment__post")
    }

    def made_for(self, agencies, excluded=False):
        """Those of these agencies and of who spoke in office there, or all others."""
        in_office = StatementCapacity.objects.filter(
            appointment__post__agency__in=agencies, **self.IN_OFFICE
        )
        found = Q(agency__in=agencies)
        found |= Q(pk__in=in_office.order_by().values("statement"))
        return self.filter(~found if excluded else found)


class Statement(Dated, Record):
    """What one official or agency said: one point, in our own words."""

    class Kind(models.TextChoices):
        POSITION = "position", _("position")
        PRAISE = "praise", _("praise")
        CRITICISM = "criticism", _("criticism")
        ANNOUNCEMENT = "announcement", _("announcement")
        ESTIMATE = "estimate", _("estimate")
        DENIAL = "denial", _("denial")
        CALL_FOR = "call-for", _("appeal")

    lasts = False
    listed_in_the_past_by = BY_DATE

    collection = "statements"
    about = "Statements: who said what, where and when, and of whom."
    label_field = "summary"
    searched = ("summary", "summary_es", "public_note", "public_note_es")
    searched_related = ("themes",)
    columns = (
        "summary",
        "summary_es",
        "kind",
        "official",
        "agency",
        "capacities",
        "event",
        "publication",
        "start",
        "end",
        "themes",
        "about_officials",
        "about_agencies",
        "about_events",
    )
    lists = {
        "capacities": (Appointment,),
        "themes": (Theme,),
        "about_officials": (Official,),
        "about_agencies": (Agency,),
        "about_events": (Event,),
    }
    citable = originals(columns)
    described = ("summary", "kind")
    told_apart_by = ("official", "agency", "event", "publication")
    schema_org = "Quotation"

    summary = Line(
        max_length=1000,
        help_text=_("Who said what, in one sentence of our own words."),
    )
    summary_es = translation_of(summary, _("Spanish summary"))
    kind = Word(choices=Kind, help_text=_("What sort of statement."))
    official = models.ForeignKey(
        Official,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text=_("The person who said it; or else the agency."),
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text=_("The agency that said it; or else the person."),
    )
    capacities = models.ManyToManyField(
        Appointment,
        through="StatementCapacity",
        related_name="statements",
        blank=True,
        help_text=_("The offices in whose capacity the person spoke."),
    )
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text=_("The event at which it was said."),
    )
    publication = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        help_text=_("The release, report or post in which it was said."),
    )
    themes = models.ManyToManyField(
        Theme,
        through="StatementTheme",
        related_name="statements",
        blank=True,
        help_text=_("What it was about."),
    )
    about_officials = models.ManyToManyField(
        Official,
        through="StatementOfficial",
        related_name="statements_about",
        blank=True,
        help_text=_("The persons of whom it was said."),
    )
    about_agencies = models.ManyToManyField(
        Agency,
        through="StatementAgency",
        related_name="statements_about",
        blank=True,
        help_text=_("The agencies of which it was said."),
    )
    about_events = models.ManyToManyField(
        Event,
        through="StatementEvent",
        related_name="statements_about",
        blank=True,
        help_text=_("The agreements and other events of which it was said."),
    )

    objects = StatementQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["start_earliest", "slug"]
        indexes = [
            *in_order("start_earliest"),
            by_length("timeline_statement"),
            models.Index(fields=["status", BY_NAME, "id"]),
        ]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(official=None, agency__isnull=False)
                | Q(official__isnull=False, agency=None),
                name="timeline_statement_of_one",
                violation_error_message=_(
                    "Name an official or an agency, and not both."
                ),
            ),
        ]

    @property
    def speaker(self):
        """The official or the agency; None where the public may not know which."""
        return self.official or self.agency

    def listed(self, name):
        return [record.slug for record in getattr(self, name).all()]


class StatementRow(Tracked):
    """One record that a statement names in one of its lists."""

    owner = "statement"
    named: str  # the column of that record

    statement = models.ForeignKey(
        Statement,
        models.CASCADE,
        related_name="%(class)s_rows",
        help_text=_("The statement."),
    )

    class Meta:
        abstract = True
        ordering = ["statement_id", "pk"]

    def __str__(self):
        return f"{self.statement}: {getattr(self, self.named)}"


def _once(name):
    """A statement names a record once in each of its lists."""
    return [
        models.UniqueConstraint(
            fields=["statement", name],
            name=f"timeline_statement_{name}_once",
            violation_error_message=_("The statement already names this one."),
        )
    ]


class StatementCapacity(StatementRow):
    """One office in whose capacity an official said something."""

    named = "appointment"

    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        related_name="statement_rows",
        help_text=_("The office in whose capacity the person spoke."),
    )

    class Meta(StatementRow.Meta):
        verbose_name = _("capacity of a speaker")
        verbose_name_plural = _("capacities of speakers")
        constraints = _once("appointment")

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        records = list(records)
        people = Statement._base_manager.order_by().values_list("pk", "official")
        people = dict(filtered(people, pk={one.statement_id for one in records}))
        offices = Appointment._base_manager.select_related("official").in_bulk(
            {one.appointment_id for one in records}
        )
        message = _("“%(slug)s” is an appointment of %(other)s.")
        for record in records:
            office = offices.get(record.appointment_id)
            if office is None or record.statement_id not in people:
                continue  # the columns themselves say so
            if office.official_id != people[record.statement_id]:
                said = {"slug": office.slug, "other": office.official}
                yield record, ValidationError({"appointment": message % said})


class StatementTheme(StatementRow):
    """One theme that a statement is about."""

    named = "theme"

    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        related_name="statement_rows",
        help_text=_("What it was about."),
    )

    class Meta(StatementRow.Meta):
        verbose_name = _("theme of a statement")
        verbose_name_plural = _("themes of statements")
        constraints = _once("theme")


class StatementOfficial(StatementRow):
    """One official of whom something was said."""

    named = "official"

    official = models.ForeignKey(
        Official,
        models.PROTECT,
        related_name="statement_rows",
        help_text=_("The person of whom it was said."),
    )

    class Meta(StatementRow.Meta):
        verbose_name = _("official in a statement")
        verbose_name_plural = _("officials in statements")
        constraints = _once("official")


class StatementAgency(StatementRow):
    """One agency of which something was said."""

    named = "agency"

    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        related_name="statement_rows",
        help_text=_("The agency of which it was said."),
    )

    class Meta(StatementRow.Meta):
        verbose_name = _("agency in a statement")
        verbose_name_plural = _("agencies in statements")
        constraints = _once("agency")


class StatementEvent(StatementRow):
    """One agreement or other event of which something was said."""

    named = "event"

    event = models.ForeignKey(
        Event,
        models.PROTECT,
        related_name="statement_rows",
        help_text=_("The event of which it was said."),
    )

    class Meta(StatementRow.Meta):
        verbose_name = _("event in a statement")
        verbose_name_plural = _("events in statements")
        constraints = _once("event")


class StatementCitation(Citation):
    """One source on one statement."""

    record = cites(Statement)

    class Meta(Citation.Meta):
        abstract = False


class StatementDispute(Dispute):
    """One contradiction about one statement."""

    record = disputes(Statement)

    class Meta(Dispute.Meta):
        abstract = False
