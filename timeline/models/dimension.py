"""Dimensions by which what is measured is broken down, and the codes of each."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from provenance.db.batches import filtered
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
from provenance.values.text import Line, Prose
from provenance.values.translations import originals, translation_of

# What SDMX lets the identifier of a code be made of (IDType of its common schema).
NOTATION = "[A-Za-z0-9_@$-]+"


class Dimension(Record):
    """One way to break down what is measured: by sex, age, citizenship.

    In the terms of SDMX it is a dimension together with its code list. There are at
    most so many, since each is a column of the table of observations.
    """

    MOST = 100

    collection = "dimensions"
    about = "Dimensions: by what measurements are broken down, each with its codes."
    searched = ("name", "name_es", "public_note", "public_note_es")
    columns = ("name", "name_es", "definition", "definition_es")
    citable = described = originals(columns)
    schema_org = "DefinedTermSet"

    name = Line(help_text=_("What it is called, in English."))
    name_es = translation_of(name, _("Spanish name"))
    definition = Prose(blank=True, help_text=_("What it tells apart, and how."))
    definition_es = translation_of(definition, _("Spanish definition"))

    class Meta:
        ordering = ["slug"]
        indexes = in_order(BY_NAME)

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        new = [record for record in records if record.pk is None]
        room = cls.MOST - cls._base_manager.count() if new else 0
        for record in new[max(room, 0) :]:
            said = _("There are %d dimensions, and can be no more; use one of them.")
            yield record, ValidationError(said % cls.MOST)


class Code(Tree, Record):
    """One code of the list of a dimension, such as F of the sexes."""

    above = "broader"  # as in SKOS
    collection = "codes"
    about = "Codes: what the list of each dimension is made of."
    searched = ("name", "notation", "name_es", "public_note", "public_note_es")
    columns = (
        "dimension",
        "notation",
        "name",
        "name_es",
        "broader",
        "definition",
        "definition_es",
    )
    citable = described = originals(columns)
    public_through = ("dimension",)
    told_apart_by = ("dimension", "notation")
    merged_within = ("dimension",)
    schema_org = "DefinedTerm"

    dimension = models.ForeignKey(
        Dimension,
        models.PROTECT,
        related_name="codes",
        help_text=_("The dimension in whose list it is. It never changes."),
    )
    notation = models.CharField(
        max_length=64,
        validators=[
            RegexValidator(
                rf"\A{NOTATION}\Z",
                _("Write A-Z, a-z, 0-9, _, @, $ or hyphens, and nothing else."),
            )
        ],
        help_text=_("The code itself, as files and filters write it: F, mex, Y15T24."),
    )
    name = Line(help_text=_("What it is called, in English."))
    name_es = translation_of(name, _("Spanish name"))
    broader = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
        help_text=_("The wider code of the same list that includes it."),
    )
    definition = Prose(
        blank=True, help_text=_("What it includes, and what it does not.")
    )
    definition_es = translation_of(definition, _("Spanish definition"))

    class Meta:
        ordering = ["slug"]
        indexes = in_order(BY_NAME)
        constraints = [
            not_above_itself("broader"),
            models.UniqueConstraint(
                fields=["dimension", "notation"],
                name="timeline_code_once_in_its_list",
                violation_error_message=_("The dimension already has this code."),
            ),
        ]

    def words_of_slug(self):
        return f"{self.dimension.slug} {self.notation}"

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        records = list(records)
        keys = {key for each in records for key in (each.pk, each.broader_id)}
        lists = cls._base_manager.order_by().values_list("pk", "dimension")
        list_of = dict(filtered(lists, pk=keys - {None}))
        used = cls._meta.get_field("observation_rows").related_model._base_manager
        used = used.order_by().values_list("code", "dimension").distinct()
        used_in = defaultdict(set)
        for key, dimension in filtered(used, code={r.pk for r in records} - {None}):
            used_in[key].add(dimension)
        for record in records:
            if used_in[record.pk] - {record.dimension_id}:
                said = _(
                    "Observations have the code in the other list; take them back "
                    "first."
                )
                yield record, ValidationError({"dimension": said})
            if list_of.get(record.pk, record.dimension_id) != record.dimension_id:
                said = _("A code stays in its list; make another one there.")
                yield record, ValidationError({"dimension": said})
            upper = list_of.get(record.broader_id, record.dimension_id)
            if upper != record.dimension_id:
                said = _("It is a code of another dimension.")
                yield record, ValidationError({"broader": said})


class DimensionCitation(Citation):
    """One source on one dimension."""

    record = cites(Dimension)

    class Meta(Citation.Meta):
        abstract = False


class DimensionDispute(Dispute):
    """One contradiction about one dimension."""

    record = disputes(Dimension)

    class Meta(Dispute.Meta):
        abstract = False


class CodeCitation(Citation):
    """One source on one code."""

    record = cites(Code)

    class Meta(Citation.Meta):
        abstract = False


class CodeDispute(Dispute):
    """One contradiction about one code."""

    record = disputes(Code)

    class Meta(Dispute.Meta):
        abstract = False
