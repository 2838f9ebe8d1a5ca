"""Names: what something goes or went by, and when."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..db.batches import filtered
from ..tracking.tracked import (
    SearchTextField,
    Tracked,
    TrackedQuerySet,
)
from ..values.dates import Dated, DatedQuerySet
from ..values.text import Language, Line, Word


class NameQuerySet(DatedQuerySet, TrackedQuerySet):
    """Names, and when they were in use."""


class Name(Dated, Tracked):
    """One name that something goes or went by, and when."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("kind of name", "official")
        SHORT = "short", _("short")
        ACRONYM = "acronym", _("acronym")
        FORMER = "former", _("former")
        TRANSLATION = "translation", _("translation")
        MISSPELLING = "misspelling", _("misspelling")

    searched = ("text",)
    folded_in_key = ("text",)  # of the key by which rows of a file are told apart

    text = Line(help_text=_("The name as it is written."))
    kind = Word(choices=Kind, help_text=_("What sort of name it is."))
    language = Language(help_text=_("The language of the name, as en or es."))
    search_text = SearchTextField(help_text=_("The name without accents and case."))

    objects = NameQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = True
        ordering = ["text", "kind", "language", "pk"]

    def __str__(self):
        return self.text

    @classmethod
    def clean_many(cls, records):
        """Two that differ in small and capital letters alone are one, written twice."""
        yield from super().clean_many(records)
        owner = cls._meta.get_field(cls.owner).attname
        spelt = defaultdict(dict)  # by what is the same, how which row writes it
        owners = {getattr(row, owner) for row in records} - {None}
        columns = ("pk", "text", owner, "kind", "language")
        on_record = cls._base_manager.order_by().values_list(*columns)
        for pk, text, *rest in filtered(on_record, **{owner: owners}):
            spelt[text.casefold(), *rest][pk] = text
        message = _(
            "“%(other)s” is on record already, and differs in capital letters alone; "
            "keep one of them."
        )
        for row in records:
            key = (row.text.casefold(), getattr(row, owner), row.kind, row.language)
            others = {
                text for pk, text in spelt.get(key, {}).items() if pk != row.pk
            } - {row.text}
            if others:
                said = message % {"other": min(others)}
                yield row, ValidationError({"text": said})


def name_constraints(owner):
    """What keeps a name from being recorded twice, and its dates in order."""
    return [
        *Dated.Meta.constraints,
        models.UniqueConstraint(
            fields=[owner, "text", "kind", "language"],
            name="%(app_label)s_%(class)s_recorded_once",
            violation_error_message=_("This name is already on record."),
        ),
    ]
