"""Citations: which source supports or contradicts which field, and where in it."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..tracking.dependent_columns import Follower, is_taken_back
from ..tracking.tracked import Tracked, TrackedQuerySet, VersionField
from ..values.dates import PartialDateField, bounds_of, date_constraints
from ..values.stated_values import agreement_of, recorded_text, wrong_statements
from ..values.text import Line, Prose, Word
from ..values.translations import translation_of
from .record import Record
from .source import Source


class CheckedField(Follower, models.TextField):
    """What was recorded when a citation was made, or was last looked at."""

    LOOKED_AT = ("field", "stated", "assessment", "note")

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"editable": False, "blank": True, "default": "", **kwargs}
        )

    def derive(self, citation):
        names = (*self.LOOKED_AT, self.attname)
        now, then = tuple(getattr(citation, name) for name in names), None
        if is_taken_back(citation):
            return now[-1]
        if now[-1] and not citation._state.adding:
            rows = type(citation)._base_manager.filter(pk=citation.pk)
            then = rows.values_list(*names).first()
        return now[-1] if self._stays(now, then or now) else citation.recorded

    def read_columns(self, model):
        return ("record_id", *self.LOOKED_AT, self.attname)

    def derive_column(self, model, columns, before=None):
        names = (*self.LOOKED_AT, self.attname)
        now = list(zip(*(columns[name] for name in names), strict=True))
        then = zip(*(before[name] for name in names), strict=True) if before else now
        pairs = enumerate(zip(now, then, strict=True))
        places = [place for place, pair in pairs if not self._stays(*pair)]
        recorded = model.recorded_of(
            (columns["record_id"][place], columns["field"][place]) for place in places
        )
        kept = list(columns[self.attname])
        for place, text in zip(places, recorded, strict=True):
            kept[place] = text
        return kept

    def _stays(self, now, then):
        """Whether a write leaves what is said of the value, or says when it was so."""
        return bool(now[-1]) and (then == now or then[-1] != now[-1])


class CitationQuerySet(TrackedQuerySet):
    """Citations of one kind of record."""

    def published(self):
        """What the public may see: both the record and the source are published."""
        record = self.model._meta.get_field("record").related_model
        needed = {
            f"record__{path}__status__beside": Record.Status.PUBLISHED
            for path in record.public_through
        }
        return self.filter(
            source__status__beside=Record.Status.PUBLISHED,
            record__status__beside=Record.Status.PUBLISHED,
            **needed,
        )


class Citation(Tracked):
    """One source, in one place, on one record or on one field of it."""

    class Assessment(models.TextChoices):
        OUTDATED = "outdated", _("outdated")
        MISTAKEN = "mistaken", _("mistaken")
        OTHER_SCOPE = "other-scope", _("other scope")
        TRANSLATION = "translation", _("translation")
        SUPERSEDED = "superseded", _("superseded")
        UNRESOLVED = "unresolved", _("unresolved")

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="%(class)s_set",
        help_text=_("The source that is cited."),
    )
    field = models.CharField(
        max_length=32,
        blank=True,
        help_text=_("The field that it is about; empty for the record itself."),
    )
    locator = Line(
        blank=True,
        help_text=_("Where in the source: para. 4; photo caption; table 2, row 7."),
    )
    stated = Line(
        max_length=1000,
        blank=True,
        help_text=_(
            "What the source says, written as in the CSV column of the field; empty "
            "if it "
            "supports what is recorded."
        ),
    )
    as_of = PartialDateField(
        help_text=_("The date at which the source says that it was so.")
    )
    as_of_earliest, as_of_latest = bounds_of("as_of")
    assessment = Word(
        choices=Assessment,
        blank=True,
        help_text=_("Why the source disagrees with the record; it needs a note."),
    )
    note = Prose(
        blank=True, help_text=_("The reason for the assessment; it is public.")
    )
    note_es = translation_of(note, _("Spanish note"))
    quotation = Line(
        blank=True, help_text=_("A few words of the source; for curators.")
    )
    checked_against = CheckedField(
        help_text=_(
            "What was recorded when this was written or last confirmed; in "
            "CSV empty if that is recorded still."
        )
    )
    version = VersionField(help_text=_("Counts the writes of this citation."))

    owner = "record"

    objects = CitationQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["field", "source", "locator", "pk"]
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        constraints = [
            *date_constraints("as_of"),
            models.UniqueConstraint(
                fields=["record", "field", "source", "locator"],
                name="%(app_label)s_%(class)s_recorded_once",
                violation_error_message=_(
                    "This locator in this source is already cited for this field."
                ),
            ),
            models.CheckConstraint(
                condition=Q(assessment="") | ~Q(note=""),
                name="%(app_label)s_%(class)s_assessment_with_a_reason",
                violation_error_message=_(
                    "An assessment needs a note that gives the reason."
                ),
            ),
            models.CheckConstraint(
                condition=Q(stated="") | ~Q(field=""),
                name="%(app_label)s_%(class)s_statement_of_a_field",
                violation_error_message=_(
                    "Name the field that the source states this of."
                ),
            ),
        ]
        indexes = [  # most support what is recorded, and state nothing else
            models.Index(
                fields=["source", "id"],
                condition=~Q(stated=""),
                name="%(class)s_stated",
            )
        ]

    def __str__(self):
        place = f", {self.locator}" if self.locator else ""
        return f"{self.source}{place}"

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        stated = [row for row in records if row.field and row.record_id]
        kinds = cls.cited_model().kinds_of({row.record_id for row in stated})
        statements = [(kinds[row.record_id], row.field, row.stated) for row in stated]
        for row, error in zip(stated, wrong_statements(statements), strict=True):
            if error:
                yield row, error

    @classmethod
    def cited_model(cls):
        """The kind of record that these citations are for."""
        return cls._meta.get_field("record").related_model

    @property
    def recorded(self):
        """What is recorded now of the field that it is about, in the text form."""
        if not self.field:
            return ""
        return recorded_text(self.record.holder_of(self.field), self.field)

    @classmethod
    def recorded_of(cls, places):
        """What is recorded now of many fields, each given by record and name."""
        places = list(places)
        keys = {key for key, name in places if name}
        # A list of a record may be long, and seldom is what is cited.
        cited = cls.cited_model().with_what_is_cited({name for _key, name in places})
        records = cited.in_bulk(keys) if keys else {}
        return [
            recorded_text(records[key].holder_of(name), name) if name else ""
            for key, name in places
        ]

    @property
    def key(self):
        """Its name in the collection of citations, whatever kind its record is of."""
        return f"{self.record.record_type}-{self.pk}"

    @property
    def attested_until(self):
        """The last day on which the source can say that it was so; None if unknown.

        That is the day as of which it is cited, or else that of its publication.
        """
        when = self.as_of or self.source.published
        if when.latest < date.max:
            return when.latest
        return when.earliest if when.earliest > date.min else None

    @property
    def agreement(self):
        """How what the source says stands to what is recorded now."""
        return agreement_of(self.record.holder_of(self.field), self.field, self.stated)

    def recheck(self):
        """Takes it as checked against what is recorded now; to be saved."""
        self.checked_against = self.recorded

    @property
    def is_settled(self):
        """Whether it has been said why it says otherwise than what is recorded now."""
        if self.assessment in ("", self.Assessment.UNRESOLVED):
            return False
        return self.checked_against in ("", self.recorded)

    @property
    def needs_another_look(self):
        """Whether it was cited for another value than the one recorded now."""
        if self.stated or not self.checked_against:
            return False
        return self.checked_against != self.recorded


def cites(model):
    """The column that says which record of a kind a citation is about."""
    return models.ForeignKey(
        model,
        models.CASCADE,
        related_name="citations",
        db_index=False,  # that of what is recorded once begins with it
        help_text=_("The record that it is about."),
    )
