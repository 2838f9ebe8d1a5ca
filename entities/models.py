"""Who and where: places, agencies, officials, posts, and who held them when."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from provenance.dates import (
    Dated,
    DatedQuerySet,
    PartialDate,
    PartialDateField,
    Spanned,
    bounds_of,
    date_constraints,
    span_constraint,
)
from provenance.models import (
    Citation,
    Name,
    Record,
    RecordQuerySet,
    cites,
    name_constraints,
)
from provenance.text import Line, Word
from provenance.tracking import Tracked
from provenance.trees import Tree, not_above_itself


class DatedRecordQuerySet(DatedQuerySet, RecordQuerySet):
    """Records that hold from one date to another."""


class Place(Tree, Record):
    """A country, a state, a sector, a city, a site or a stretch of sea or land."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        STATE = "state", _("state")
        SECTOR = "sector", _("sector")
        CITY = "city", _("city")
        SITE = "site", _("site")
        SEA_AREA = "sea-area", _("sea area")
        REGION = "region", _("region")

    collection = "places"
    citable = ("name", "kind", "parent", "iso_code", "latitude", "longitude")

    name = Line(help_text=_("What it is called in English."))
    kind = Word(choices=Kind, help_text=_("What sort of place it is."))
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("The place that it lies in."),
    )
    iso_code = models.CharField(
        "ISO code",
        max_length=6,
        blank=True,
        validators=[
            RegexValidator(
                r"\A[A-Z]{2}(?:-[A-Z0-9]{1,3})?\Z", _("Write MX or MX-SON, ISO 3166.")
            )
        ],
        help_text=_("ISO 3166 code of a country or state: MX, MX-SON."),
    )
    latitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
        help_text=_("Degrees north, as 31.33; south is negative."),
    )
    longitude = models.DecimalField(
        max_digits=8,
        decimal_places=5,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
        help_text=_("Degrees east; west is negative, as -110.94."),
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            not_above_itself(),
            models.UniqueConstraint(
                fields=["iso_code"],
                condition=~Q(iso_code=""),
                name="entities_place_iso_code_once",
                violation_error_message=_("Another place has this ISO code."),
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,  # or an unknown comparison would pass
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                name="entities_place_on_the_globe",
                violation_error_message=_(
                    "Give both a latitude from -90 to 90 and a longitude from -180 to "
                    "180."
                ),
            ),
        ]


class Agency(Spanned, Tree, Record):
    """One body that acts, under whatever names it has had."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("government")
        MINISTRY = "ministry", _("ministry")
        COMMAND = "command", _("military command")
        ARMED_FORCE = "armed-force", _("armed force")
        LAW_ENFORCEMENT = "law-enforcement", _("law enforcement")
        DIPLOMATIC_MISSION = "diplomatic-mission", _("diplomatic mission")
        ACADEMIC = "academic", _("academic")
        CIVIL_SOCIETY = "civil-society", _("civil society")
        CRIMINAL_GROUP = "criminal-group", _("criminal group")

    collection = "agencies"
    searched_rows = ("names",)
    citable = ("name", "kind", "country", "parent", "founded", "dissolved", "names")
    lists = ("names",)
    span = ("founded", "dissolved")

    name = Line(help_text=_("The name that it is listed under."))
    kind = Word(choices=Kind, help_text=_("What sort of body it is."))
    country = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": Place.Kind.COUNTRY},
        related_name="agencies",
        help_text=_("The country that it belongs to."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text=_("The agency that it is part of."),
    )
    founded = PartialDateField(
        help_text=_("When it came to be: 2002, 2002-10-01; empty if not known.")
    )
    founded_earliest, founded_latest = bounds_of("founded")
    dissolved = PartialDateField(
        is_end=True,
        help_text=_("When it ceased to be; .. while it exists; empty if not known."),
    )
    dissolved_earliest, dissolved_latest = bounds_of("dissolved")

    objects = DatedRecordQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        verbose_name_plural = _("agencies")
        constraints = [
            *date_constraints("founded", "dissolved"),
            span_constraint("founded", "dissolved"),
            not_above_itself(),
        ]

    def listed(self, name):
        return [row.text for row in self.names.all()]

    def name_on(self, when):
        """The name that it bore on that date; the listed one where none is on record.

        A name that certainly held goes before one that may have held. Of these, the
        last to have surely begun by then; else the first to begin; then official
        before short before acronym.
        """
        when, kinds = PartialDate(when), AgencyName.IN_USE

        def rank(row):
            latest = row.start.latest.toordinal()
            begun = row.start.latest <= when.earliest
            return (
                row.holds(when) != "yes",
                not begun,
                -latest if begun else latest,
                kinds.index(row.kind),
                row.text,
            )

        held = [
            row
            for row in self.names.all()
            if row.kind in kinds and row.holds(when) != "no"
        ]
        return min(held, key=rank).text if held else self.name


class AgencyName(Name):
    """One name of an agency, in one language, for a time."""

    owner = "agency"
    # What it called itself; the best first.
    IN_USE = (
        Name.Kind.OFFICIAL,
        Name.Kind.SHORT,
        Name.Kind.ACRONYM,
        Name.Kind.FORMER,
    )

    agency = models.ForeignKey(
        Agency, models.CASCADE, related_name="names", help_text=_("Whose name it is.")
    )

    class Meta(Name.Meta):
        abstract = False
        constraints = name_constraints("agency")


class Official(Record):
    """One person who acts for an agency, or is heard as an expert."""

    collection = "officials"
    searched_rows = ("names",)
    citable = ("name", "family_name", "honorific", "names")
    lists = ("names",)

    name = Line(help_text=_("The full name that the person is listed under."))
    family_name = Line(blank=True, help_text=_("The part of the name to sort by."))
    honorific = Line(
        max_length=40,
        blank=True,
        help_text=_("Dr., for instance; a rank belongs to an appointment."),
    )

    class Meta:
        ordering = ["slug"]

    def listed(self, name):
        return [row.text for row in self.names.all()]


class OfficialName(Name):
    """One name of an official, in one language, for a time."""

    owner = "official"

    official = models.ForeignKey(
        Official, models.CASCADE, related_name="names", help_text=_("Whose name it is.")
    )

    class Meta(Name.Meta):
        abstract = False
        constraints = name_constraints("official")


class OfficialIdentifier(Tracked):
    """What an official is called in another database."""

    official = models.ForeignKey(
        Official,
        models.CASCADE,
        related_name="identifiers",
        help_text=_("Who it identifies."),
    )
    scheme = Line(max_length=40, help_text=_("Whose identifier it is, as wikidata."))
    value = Line(max_length=200, help_text=_("The identifier itself, as Q298149."))

    class Meta:
        ordering = ["scheme", "value"]
        verbose_name = _("identifier")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="entities_identifier_of_one",
                violation_error_message=_("This identifier is already on record."),
            ),
        ]

    def __str__(self):
        return f"{self.scheme}: {self.value}"


class Post(Dated, Record):
    """One office at an agency, apart from whoever holds it."""

    collection = "posts"
    label_field = "title"
    searched = ("title",)
    citable = ("title", "agency", "seats", "start", "end")
    public_through = ("agency",)

    title = Line(help_text=_("What the office is called."))
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        related_name="posts",
        help_text=_("Where the office is."),
    )
    seats = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("How many may hold it at one time; empty for any number."),
    )

    objects = DatedRecordQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["slug"]
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(seats=None) | Q(seats__gte=1),
                name="entities_post_with_a_seat",
                violation_error_message=_("A post has at least one seat."),
            ),
        ]


class AppointmentQuerySet(DatedRecordQuerySet):
    """Who held which office when."""

    def at(self, agency):
        """Those at this agency."""
        return self.filter(post__agency=agency)


class Appointment(Dated, Record):
    """One official in one post, for as long as it lasted."""

    class Kind(models.TextChoices):
        SUBSTANTIVE = "substantive", _("substantive")
        ACTING = "acting", _("acting")
        INTERIM = "interim", _("interim")
        NOMINEE = "nominee", _("nominee")

    collection = "appointments"
    searched = ()
    searched_related = ("official", "post")
    citable = ("official", "post", "kind", "rank", "start", "end", "end_reason")
    public_through = ("official", "post", "post__agency")

    official = models.ForeignKey(
        Official,
        models.PROTECT,
        related_name="appointments",
        help_text=_("Who held the office."),
    )
    post = models.ForeignKey(
        Post,
        models.PROTECT,
        related_name="appointments",
        help_text=_("Which office it was."),
    )
    kind = Word(
        choices=Kind,
        help_text=_("Whether for good, or in somebody's place."),
    )
    rank = Line(
        max_length=80, blank=True, help_text=_("The rank held in it, as General.")
    )
    end_reason = Line(blank=True, help_text=_("Why it ended, if a source says."))

    objects = AppointmentQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["start_earliest", "slug"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["official", "post", "kind", "start"],
                name="entities_appointment_recorded_once",
                violation_error_message=_("This appointment is already on record."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "start_earliest", "id"]),
            models.Index(fields=["post", "start_earliest"]),
        ]

    def __str__(self):
        return f"{self.official}, {self.post}"


class PlaceCitation(Citation):
    """One source on one place."""

    record = cites(Place)

    class Meta(Citation.Meta):
        abstract = False


class AgencyCitation(Citation):
    """One source on one agency."""

    record = cites(Agency)

    class Meta(Citation.Meta):
        abstract = False


class OfficialCitation(Citation):
    """One source on one official."""

    record = cites(Official)

    class Meta(Citation.Meta):
        abstract = False


class PostCitation(Citation):
    """One source on one post."""

    record = cites(Post)

    class Meta(Citation.Meta):
        abstract = False


class AppointmentCitation(Citation):
    """One source on one appointment."""

    record = cites(Appointment)

    class Meta(Citation.Meta):
        abstract = False
