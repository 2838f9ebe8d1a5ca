"""The kinds of event: what each has beyond what every event has."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Official
from provenance.models import Name, name_constraints, where_named
from provenance.tracking.tracked import SearchTextField, Tracked
from provenance.values import quantities
from provenance.values.dates import PartialDateField, bounds_of, date_constraints
from provenance.values.text import Line, Prose, Word
from provenance.values.translations import originals, translation_of
from provenance.values.units import Unit

from .event import Event, EventQuerySet, Theme


class EventKindQuerySet(EventQuerySet):
    """Events of one kind."""

    def with_status(self, status):
        """Those in this status, found by an index that all kinds share."""
        return super().with_status(status).filter(type=self.model.type_name())


class EventKind(Event):
    """A kind of event: an event that knows its own type."""

    searched_rows = named_by = ()

    objects = EventKindQuerySet.as_manager()

    class Meta:
        abstract = True

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.type = self.type_name()


class Meeting(EventKind):
    """People of two or more bodies who spoke with each other."""

    class Format(models.TextChoices):
        CALL = "call", _("call")
        VIDEO_CALL = "video-call", _("video call")
        VISIT = "visit", _("visit")
        ROUNDTABLE = "roundtable", _("roundtable")
        WORKSHOP = "workshop", _("workshop")
        CONFERENCE = "conference", _("conference")

    collection = "meetings"
    about = "Meetings: who spoke with whom, where and about what."
    columns = (*Event.columns, "format", "requested_by")
    citable = (*originals(columns), "participations")
    broader_choices = {"format": {Format.VIDEO_CALL: Format.CALL}}

    format = Word(choices=Format, blank=True, help_text=_("In what form they met."))
    requested_by = models.ForeignKey(
        Official,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requested_meetings",
        help_text=_("Who asked for it."),
    )

    class Meta:
        ordering = ["start_earliest", "id"]
        indexes = where_named("meeting", "requested_by")


class Today(Func):
    """The day of today, by the clock of the database, which is set to UTC."""

    template, output_field = "CURRENT_DATE", models.DateField()


class Agreement(EventKind):
    """What two or more bodies undertook together, dated when they concluded it.

    What each of them did to it, and when, are its participations.
    """

    class Kind(models.TextChoices):
        STATEMENT_OF_UNDERSTANDING = (
            "statement-of-understanding",
            _("statement of understanding"),
        )
        SECURITY_OF_INFORMATION = (
            "security-of-information",
            _("security of information"),
        )
        MEMORANDUM = "memorandum", _("memorandum")
        TREATY = "treaty", _("treaty")
        ARRANGEMENT = "arrangement", _("arrangement")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        EXPECTED = "expected", _("expected")
        ADOPTED = "adopted", _("adopted")
        SIGNED = "signed", _("signed")
        IN_FORCE = "in-force", _("in force")
        EXPIRED = "expired", _("expired")
        TERMINATED = "terminated", _("terminated")

    collection = "agreements"
    about = "Agreements, with what they provide."
    searched = (*Event.searched, "registration_number")
    searched_rows = ("names", "provisions")
    named_by = ("names",)
    told_apart_by = (*Event.told_apart_by, "registration_number")
    # The state that an agreement has from each of its dates on, in their order.
    STAGES = {
        "adopted": State.ADOPTED,
        "signed": State.SIGNED,
        "entered_into_force": State.IN_FORCE,
        "terminated": State.TERMINATED,
    }
    stages = tuple(STAGES)
    columns = (
        *Event.columns,
        "kind",
        "state",
        "concluded_at",
        *STAGES,
        "depositary",
        "registration_number",
    )
    lists = {**Event.lists, "names": (), "provisions": ()}
    citable = (*originals(columns), "participations", "names", "provisions")

    kind = Word(choices=Kind, help_text=_("What sort of undertaking."))
    state = Word(
        choices=State,
        blank=True,
        help_text=_(
            "The state of the agreement, as far as is known; left empty, it follows "
            "from the dates below."
        ),
    )
    concluded_at = models.ForeignKey(
        Meeting,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        help_text=_("The meeting at which it was concluded."),
    )
    adopted = PartialDateField(help_text=_("When its text was adopted."))
    adopted_earliest, adopted_latest = bounds_of("adopted")
    signed = PartialDateField(
        help_text=_("When it was signed, or opened for signature.")
    )
    signed_earliest, signed_latest = bounds_of("signed")
    entered_into_force = PartialDateField(
        help_text=_("When it entered into force, for the first of its parties.")
    )
    entered_into_force_earliest, entered_into_force_latest = bounds_of(
        "entered_into_force"
    )
    terminated = PartialDateField(
        help_text=_("When it ended or expired, for all of its parties.")
    )
    terminated_earliest, terminated_latest = bounds_of("terminated")
    # An agency, and no text: so that what it keeps is found on its page, and follows it
    # when it is renamed or merged.
    depositary = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="deposited_agreements",
        help_text=_("The body with which the actions of its parties are deposited."),
    )
    registration_number = Line(
        max_length=80,
        blank=True,
        help_text=_("Its number in a register of treaties, as I-39574."),
    )

    class Meta:
        ordering = ["start_earliest", "id"]
        constraints = date_constraints(
            "adopted", "signed", "entered_into_force", "terminated"
        )
        indexes = where_named("agreement", "concluded_at", "depositary")

    @property
    def current_state(self):
        """The state as it is recorded, or else the last that its dates have come to."""
        return self.state or self.reached

    @property
    def reached(self):
        """The last state that its dates have come to today; empty if it has no date.

        A vague date has come once the first day has that it can mean. An agreement
        whose every date lies ahead is expected.
        """
        today, known = timezone.localdate(), ""
        for name, state in self.STAGES.items():
            if day := getattr(self, name):
                came = day.earliest <= today
                known = state if came else known or self.State.EXPECTED
        return known

    @classmethod
    def current_states(cls):
        """The same as an expression of the database."""
        stages = list(cls.STAGES.items())
        known = {name: ~Q(**{name: ""}) for name in cls.STAGES}
        came = [
            When(known[name], **{f"{name}_earliest__lte": Today()}, then=Value(state))
            for name, state in reversed(stages)
        ]
        ahead = When(Q(*known.values(), _connector=Q.OR), then=Value("expected"))
        stated = When(~Q(state=""), then=F("state"))
        return Case(stated, *came, ahead, default=Value(""), output_field=Word())

    @classmethod
    def told_besides(cls):
        return {"current_state": cls.current_states()}

    def listed(self, name):
        if name in ("names", "provisions"):
            return [row.text for row in getattr(self, name).all()]
        return super().listed(name)


class AgreementName(Name):
    """Another title of an agreement, or what it is called for short."""

    collection = "agreement_names"
    owner = "agreement"

    agreement = models.ForeignKey(
        Agreement,
        models.CASCADE,
        related_name="names",
        help_text=_("Whose name it is."),
    )

    class Meta(Name.Meta):
        abstract = False
        constraints = name_constraints("agreement")


class Provision(Tracked):
    """One thing that an agreement provides."""

    collection = "provisions"
    owner = "agreement"
    counted_by = "position"
    searched = ("text", "text_es")

    agreement = models.ForeignKey(
        Agreement,
        models.CASCADE,
        related_name="provisions",
        help_text=_("The agreement."),
    )
    position = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(32767)],
        help_text=_("Its place among the provisions, from 1."),
    )
    text = Prose(help_text=_("What the agreement provides, in our own words."))
    text_es = translation_of(text, _("Spanish text"))
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="provisions",
        help_text=_("What it is about."),
    )
    search_text = SearchTextField(help_text=_("The text without accents and case."))

    class Meta:
        ordering = ["agreement_id", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "position"],
                name="timeline_provision_in_one_place",
                violation_error_message=_(
                    "The agreement already has a provision in this place."
                ),
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1),
                name="timeline_provision_counts_from_one",
                violation_error_message=_("Provisions are counted from 1."),
            ),
        ]

    def __str__(self):
        return f"{self.agreement}, {self.position}"


class Deployment(EventKind):
    """Forces that went somewhere to do something, for a time."""

    class Kind(models.TextChoices):
        BORDER_DEPLOYMENT = "border-deployment", _("border deployment")
        EXERCISE = "exercise", _("exercise")
        OPERATION = "operation", _("operation")
        LIAISON = "liaison", _("liaison")
        RELIEF = "relief", _("relief")

    over_by_nature = Q(kind__in=(Kind.EXERCISE, Kind.RELIEF))

    collection = "deployments"
    about = "Deployments: which forces went where, how many, and what for."
    searched = (*Event.searched, "personnel", "mission", "mission_es")
    columns = (*Event.columns, "kind", "personnel", "mission", "mission_es")
    citable = (*originals(columns), "participations")

    kind = Word(choices=Kind, help_text=_("What sort of deployment."))
    personnel = quantities.QuantityField(
        help_text=_(
            "How many people: 15000, ~10000, >30000 or 10000..15000; empty if not "
            "known."
        )
    )
    personnel_low, personnel_high = quantities.bounds_of("personnel")
    mission = Line(
        max_length=1000, blank=True, help_text=_("What they were sent to do.")
    )
    mission_es = translation_of(mission, _("Spanish mission"))

    class Meta:
        ordering = ["start_earliest", "id"]
        constraints = [quantities.quantity_constraint("personnel")]

    def unit_of(self, name):
        if name != "personnel":
            return super().unit_of(name)
        return Unit(gettext("persons"), gettext("person"))


class Milestone(EventKind):
    """One event of note: a declaration, a policy, a tariff, an election."""

    class Kind(models.TextChoices):
        DECLARATION = "declaration", _("declaration")
        POLICY = "policy", _("policy")
        TARIFF = "tariff", _("tariff")
        ELECTION = "election", _("election")
        INAUGURATION = "inauguration", _("inauguration")
        FOUNDING = "founding", _("founding")
        INCIDENT = "incident", _("incident")

    collection = "milestones"
    about = "Milestones: declarations, policies, tariffs, elections and other turns."
    columns = (*Event.columns, "kind")
    citable = (*originals(columns), "participations")

    kind = Word(choices=Kind, help_text=_("What sort of event."))

    class Meta:
        ordering = ["start_earliest", "id"]
