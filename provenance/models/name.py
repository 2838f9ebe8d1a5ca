"""Names: what something goes or went by, and when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..dates import Dated, DatedQuerySet
from ..text import Language, Line, Word
from ..tracking import (
    SearchTextField,
    Tracked,
    TrackedQuerySet,
)


class NameQuerySet(DatedQuerySet, TrackedQuerySet):
    """Names, and when they were in use."""


class Name(Dated, Tracked):
    """One name that something goes or went by, and when."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("official")
        SHORT = "short", _("short")
        ACRONYM = "acronym", _("acronym")
        FORMER = "former", _("former")
        TRANSLATION = "translation", _("translation")
        MISSPELLING = "misspelling", _("misspelling")

    searched = ("text",)

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
