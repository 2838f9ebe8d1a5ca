"""Names: what something goes or went by, and when."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..db.batches import filtered
from ..tracking.tracked import (
    SearchTextField,
    Tracked,
    TrackedQuerySet,
)
from ..values.dates import Dated, DatedQuerySet
from ..values.grounds import SAID_BY
from ..values.list_items import HasItem
from ..values.stated_values import split_list
from ..values.text import Language, Line, Word
from .citation import Citation
from .record import Record

NAMES = "names"  # what a source is cited for that names something


class LastNamed(NamedTuple):
    """The last day on which a source uses a name; it may be used ever after."""

    until: date
    is_over: bool = False


class NameQuerySet(DatedQuerySet, TrackedQuerySet):
    """Names, and when they were in use."""


class Name(Dated, Tracked):
    """One name that something goes or went by, and when."""

    class Kind(models.TextChoices):
        OFFICIAL = "official", pgettext_lazy("kind of name", "official")
        SHORT = "short", _("short")
        ACRONYM = "acronym", _("acronym")
        SYNONYM = "synonym", _("synonym")
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

    @property
    def last_attested(self):
        if not self.is_open_ended:
            return None
        if not hasattr(self, "attested"):
            self.look_up_attested([self])
        return self.attested

    @classmethod
    def look_up_attested(cls, records):
        """Fetches at once who named these last, of the sources that the public knows.

        No list is filtered by it, so that none of it is stored.
        """
        link = cls._meta.get_field(cls.owner)
        citations = cls._naming().select_related("source")
        cited = defaultdict(list)
        keys = {getattr(row, link.attname) for row in records} - {None}
        for one in filtered(citations, record=keys):
            if one.attested_until:
                cited[one.record_id].append(one)
        for row in records:
            days = [
                one.attested_until
                for one in cited[getattr(row, link.attname)]
                if not one.stated or row.text in split_list(one.stated)
            ]
            row.attested = LastNamed(max(days)) if days else None

    @classmethod
    def _naming(cls):
        """What sources that the public knows are cited for that they name something."""
        link = cls._meta.get_field(cls.owner)
        citations = link.related_model.citation_model().objects.order_by()
        return citations.filter(
            field=NAMES, source__status=Record.Status.PUBLISHED
        ).exclude(assessment=Citation.Assessment.MISTAKEN)

    @classmethod
    def attested_from(cls, day):
        owner = cls._meta.get_field(cls.owner).attname
        naming = cls._naming().alias(said_by=SAID_BY)
        naming = naming.filter(record=OuterRef(owner), said_by__gte=day)
        this_name = HasItem(F("stated"), OuterRef("text"))
        naming = naming.filter(Q(stated="") | Q(this_name))
        return cls.open_ended() & Q(Exists(naming))

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
