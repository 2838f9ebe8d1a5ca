"""Agencies: the bodies that act, under all the names they have had."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.db.trees import Tree, not_above_itself
from provenance.models import (
    BY_NAME,
    Attestation,
    Citation,
    DatedRecordQuerySet,
    Dispute,
    Name,
    Record,
    attests,
    cites,
    disputes,
    in_order,
    name_constraints,
)
from provenance.tracking.tracked import Tracked
from provenance.values.dates import (
    PartialDate,
    PartialDateField,
    Spanned,
    bounds_of,
    date_constraints,
    span_constraint,
)
from provenance.values.text import Line, Word
from provenance.values.translations import originals, translation_of

from .place import Place


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

    collection = "agencies"
    about = "Agencies, with all the names that they have had."
    searched = ("name", "name_es", "public_note", "public_note_es")
    searched_rows = named_by = ("names",)
    searched_related = ("areas",)
    columns = (
        "name",
        "name_es",
        "kind",
        "country",
        "parent",
        "areas",
        "founded",
        "dissolved",
    )
    lists = {"areas": (Place,), "names": ()}
    citable = (*originals(columns), "names")
    described = ("name", "kind")
    span = ("founded", "dissolved")
    told_apart_by = ("country", "parent")
    is_reconciled = True
    portrait_called = _("Emblem")
    schema_org = "Organization"
    schema_org_columns = {
        "founded": "foundingDate",
        "dissolved": "dissolutionDate",
        "parent": "parentOrganization",
        "areas": "areaServed",
    }

    name = Line(help_text=_("The name that it is listed under."))
    name_es = translation_of(name, _("Spanish name"))
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
    areas = models.ManyToManyField(
        Place,
        through="AgencyArea",
        related_name="area_of",
        blank=True,
        verbose_name=_("area of responsibility"),
        help_text=_("The places that it is responsible for, or focuses on."),
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
        indexes = in_order(BY_NAME)
        verbose_name_plural = _("agencies")
        constraints = [
            *date_constraints("founded", "dissolved"),
            span_constraint("founded", "dissolved"),
            not_above_itself(),
        ]

    def listed(self, name):
        if name == "areas":
            return [place.slug for place in self.areas.all()]
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

        names = list(self.names.all())
        AgencyName.look_up_attested(names)
        held = [row for row in names if row.kind in kinds and row.holds(when) != "no"]
        return min(held, key=rank).text if held else self.name


class AgencyArea(Tracked):
    """One place in the area of responsibility of an agency."""

    owner = "agency"

    agency = models.ForeignKey(
        Agency,
        models.CASCADE,
        related_name="area_rows",
        help_text=_("The agency."),
    )
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        related_name="agency_rows",
        help_text=_("The place that it is responsible for, or focuses on."),
    )

    class Meta:
        ordering = ["agency_id", "place"]
        verbose_name = _("area of an agency")
        verbose_name_plural = _("areas of agencies")
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "place"],
                name="entities_agency_area_once",
                violation_error_message=_("The agency already has this area."),
            ),
        ]

    def __str__(self):
        return f"{self.agency}: {self.place}"


class AgencyName(Name):
    """One name of an agency, in one language, for a time."""

    collection = "agency_names"
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


class AgencyCitation(Citation):
    """One source on one agency."""

    record = cites(Agency)

    class Meta(Citation.Meta):
        abstract = False


class AgencyAttestation(Attestation):
    """What was last attested of one agency."""

    record = attests(Agency)


class AgencyDispute(Dispute):
    """One contradiction about one agency."""

    record = disputes(Agency)

    class Meta(Dispute.Meta):
        abstract = False
