"""Places: where something is, and what it lies in."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from provenance.db.trees import Tree, not_above_itself
from provenance.models import (
    BY_NAME,
    Citation,
    Dispute,
    Record,
    cites,
    disputes,
    in_order,
)
from provenance.values.text import Line, Word
from provenance.values.translations import originals, translation_of


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
    about = "Places, each within a larger one."
    searched = ("name", "iso_code", "name_es", "public_note", "public_note_es")
    columns = (
        "name",
        "name_es",
        "kind",
        "parent",
        "iso_code",
        "latitude",
        "longitude",
    )
    citable = originals(columns)
    described = ("name", "kind")
    told_apart_by = ("kind", "iso_code")
    is_reconciled = True
    place_path = ""
    schema_org = "Place"
    schema_org_columns = {"parent": "containedInPlace"}

    name = Line(help_text=_("What it is called in English."))
    name_es = translation_of(name, _("Spanish name"))
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
        indexes = in_order(BY_NAME)
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

    @property
    def geometry(self):
        """Where it is, as GeoJSON (RFC 7946); None if nobody knows."""
        if self.latitude is None:
            return None
        position = [float(self.longitude), float(self.latitude)]
        return {"type": "Point", "coordinates": position}


class PlaceCitation(Citation):
    """One source on one place."""

    record = cites(Place)

    class Meta(Citation.Meta):
        abstract = False


class PlaceDispute(Dispute):
    """One contradiction about one place."""

    record = disputes(Place)

    class Meta(Dispute.Meta):
        abstract = False
