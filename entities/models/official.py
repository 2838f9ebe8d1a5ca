"""Officials: the people who act, their names and identifiers."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.models import (
    BY_NAME,
    Citation,
    Dispute,
    Name,
    Record,
    cites,
    disputes,
    in_order,
    name_constraints,
)
from provenance.tracking.tracked import SortKeyField, Tracked
from provenance.values.text import Line


class Official(Record):
    """One person who acts for an agency, or is heard as an expert."""

    collection = "officials"
    about = "Officials, with all the names that sources give them."
    searched = ("name", "honorific", "public_note", "public_note_es")
    searched_rows = named_by = ("names",)
    columns = ("name", "family_name", "honorific")
    lists = {"names": ()}
    citable = (*columns, *lists)
    described = ("name", "family_name")
    portrait_called = _("Portrait")
    is_reconciled = True
    names_of_people = True
    schema_org = "Person"
    schema_org_columns = {"family_name": "familyName", "honorific": "honorificPrefix"}

    name = Line(help_text=_("The full name that the person is listed under."))
    family_name = Line(blank=True, help_text=_("The part of the name to sort by."))
    family_sort_key = SortKeyField(
        of="family_name", help_text=_("The same without accents and case.")
    )
    honorific = Line(
        max_length=40,
        blank=True,
        help_text=_("Dr., for instance; a rank belongs to an appointment."),
    )

    class Meta:
        ordering = ["slug"]
        indexes = [
            *in_order(BY_NAME),
            # As curators look people up.
            models.Index(fields=["family_sort_key", BY_NAME, "slug"]),
        ]

    def listed(self, name):
        return [row.text for row in self.names.all()]


class OfficialName(Name):
    """One name of an official, in one language, for a time."""

    collection = "official_names"
    owner = "official"

    official = models.ForeignKey(
        Official, models.CASCADE, related_name="names", help_text=_("Whose name it is.")
    )

    class Meta(Name.Meta):
        abstract = False
        constraints = name_constraints("official")


class OfficialIdentifier(Tracked):
    """What an official is called in another database."""

    collection = "official_identifiers"
    owner = "official"

    official = models.ForeignKey(
        Official,
        models.CASCADE,
        related_name="identifiers",
        help_text=_("The official that it identifies."),
    )
    scheme = Line(
        max_length=40, help_text=_("The scheme of the identifier, such as wikidata.")
    )
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


class OfficialCitation(Citation):
    """One source on one official."""

    record = cites(Official)

    class Meta(Citation.Meta):
        abstract = False


class OfficialDispute(Dispute):
    """One contradiction about one official."""

    record = disputes(Official)

    class Meta(Dispute.Meta):
        abstract = False
