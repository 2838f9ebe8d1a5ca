"""Who took part in events: in which roles, when, in the capacity of which offices."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Appointment, Official
from provenance.db.batches import filtered
from provenance.tracking.nested_rows import OwnerThrough
from provenance.tracking.tracked import Tracked
from provenance.values.dates import PartialDateField, bounds_of, date_constraints
from provenance.values.text import Word

from .event import Event


class Participation(Tracked):
    """One official or agency in one event, in one role: what it did there, and when.

    The terms of the law of treaties are those of the UN's glossary of treaty actions
    (https://treaties.un.org/pages/Overview.aspx?path=overview/glossary/page1_en.xml).
    """

    collection = "participations"
    owner = "event"

    class Role(models.TextChoices):
        HOST = "host", _("host")
        PARTICIPANT = "participant", _("participant")
        REQUESTER = "requester", _("requester")
        MODERATOR = "moderator", _("moderator")
        PANELLIST = "panellist", _("panellist")
        OPENING_SPEAKER = "opening-speaker", _("opening speaker")
        SIGNATORY = "signatory", _("signatory")
        PARTY = "party", _("party")
        FORCE = "force", _("force")
        ORDERING_AUTHORITY = "ordering-authority", _("ordering authority")
        FACILITATOR = "facilitator", _("facilitator")
        OBSERVER = "observer", _("observer")
        DEFINITIVE_SIGNATURE = "definitive-signature", _("definitive signature")
        RATIFICATION = "ratification", _("ratification")
        ACCEPTANCE = "acceptance", _("acceptance")
        APPROVAL = "approval", _("approval")
        ACCESSION = "accession", _("accession")
        SUCCESSION = "succession", _("succession")
        RESERVATION = "reservation", _("reservation")
        DECLARATION = "declaration", _("declaration")
        OBJECTION = "objection", _("objection")
        DENUNCIATION = "denunciation", _("denunciation")
        WITHDRAWAL = "withdrawal", _("withdrawal")

    # What binds a party to an agreement, what frees it, and what does neither.
    CONSENTS = (
        Role.DEFINITIVE_SIGNATURE,
        Role.RATIFICATION,
        Role.ACCEPTANCE,
        Role.APPROVAL,
        Role.ACCESSION,
        Role.SUCCESSION,
    )
    EXITS = (Role.DENUNCIATION, Role.WITHDRAWAL)
    OF_AGREEMENTS = (
        *CONSENTS,
        *EXITS,
        Role.RESERVATION,
        Role.DECLARATION,
        Role.OBJECTION,
    )

    event = models.ForeignKey(
        Event,
        models.CASCADE,
        related_name="participations",
        help_text=_("The event."),
    )
    official = models.ForeignKey(
        Official,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        help_text=_("The person; or else the agency."),
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="participations",
        help_text=_("The agency; or else the person."),
    )
    role = Word(choices=Role, help_text=_("The role."))
    date = PartialDateField(
        help_text=_(
            "When the party did so, as signed or deposited; empty if it is not known, "
            "or if the dates of the event say it."
        )
    )
    date_earliest, date_latest = bounds_of("date")
    effective = PartialDateField(
        help_text=_(
            "From when it has effect for this party: of a ratification, when the "
            "agreement entered into force for it; of a denunciation, when it left."
        )
    )
    effective_earliest, effective_latest = bounds_of("effective")
    appointments = models.ManyToManyField(
        Appointment,
        through="Capacity",
        related_name="participations",
        blank=True,
        help_text=_("The offices in whose capacity the person took part."),
    )

    class Meta:
        ordering = ["event_id", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(official=None, agency__isnull=False)
                | Q(official__isnull=False, agency=None),
                name="timeline_participation_of_one",
                violation_error_message=_(
                    "Name an official or an agency, and not both."
                ),
            ),
            *date_constraints("date", "effective"),
            # A party does some things again: it denounces, and accedes once more.
            models.UniqueConstraint(
                fields=["event", "official", "role", "date"],
                condition=Q(official__isnull=False),
                name="timeline_participation_official_once",
                violation_error_message=_(
                    "This official already has this role in it at this date."
                ),
            ),
            models.UniqueConstraint(
                fields=["event", "agency", "role", "date"],
                condition=Q(agency__isnull=False),
                name="timeline_participation_agency_once",
                violation_error_message=_(
                    "This agency already has this role in it at this date."
                ),
            ),
        ]
        indexes = [models.Index(fields=["role", "event"])]

    def __str__(self):
        when = f" ({self.date.readable})" if self.date else ""
        return f"{self.party}, {self.get_role_display()}{when}"

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        yield from cls._out_of_place(records)

    @classmethod
    def _out_of_place(cls, records):
        """Those that do to some other event what is done to an agreement alone."""
        of_agreements = [one for one in records if one.role in cls.OF_AGREEMENTS]
        types = Event._base_manager.order_by().values_list("pk", "type")
        types = dict(filtered(types, pk={one.event_id for one in of_agreements}))
        message = _(
            "“%(role)s” is an action on an agreement; this event is a %(type)s."
        )
        for record in of_agreements:
            kind = types.get(record.event_id, Event.Type.AGREEMENT)
            if kind != Event.Type.AGREEMENT:
                said = message % {"role": record.role, "type": Event.Type(kind).label}
                yield record, ValidationError({"role": said})

    @property
    def party(self):
        """The official or the agency."""
        return self.official or self.agency


class Capacity(Tracked):
    """One office in whose capacity an official took part in an event."""

    owner = "event"

    event = OwnerThrough(
        Event,
        models.CASCADE,
        through="participation",
        related_name="capacities",
        help_text=_("The event."),
    )
    participation = models.ForeignKey(
        Participation,
        models.CASCADE,
        related_name="capacities",
        editable=False,
        help_text=_("Who took part in it, in which role."),
    )
    appointment = models.ForeignKey(
        Appointment,
        models.PROTECT,
        related_name="capacities",
        help_text=_("The office in whose capacity the person took part."),
    )

    class Meta:
        ordering = ["participation_id", "appointment_id"]
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "appointment"],
                name="timeline_capacity_once",
                violation_error_message=_(
                    "The person already took part in the capacity of this office."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.participation}: {self.appointment.post}"

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        people = Participation._base_manager.order_by().values_list("pk", "official")
        people = dict(filtered(people, pk={one.participation_id for one in records}))
        offices = Appointment._base_manager.select_related("official").in_bulk(
            {one.appointment_id for one in records}
        )
        for record in records:
            office = offices.get(record.appointment_id)
            if office is None or record.participation_id not in people:
                continue  # the columns themselves say so
            if said := not_of(office, people[record.participation_id]):
                yield record, said


def not_of(office, official_key):
    """Why nobody, or somebody else, takes part in an office; None if they do."""
    if official_key is None:
        return ValidationError(_("Only an official takes part in an office."))
    if office.official_id == official_key:
        return None
    message = _("“%(slug)s” is an appointment of %(other)s.")
    said = {"slug": office.slug, "other": office.official}
    return ValidationError(message % said)
