"""Sources: the works that state things, and which of them repeat others."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..tracking.tracked import Tracked
from ..values.dates import PartialDateField, bounds_of, date_constraints
from ..values.text import Language, Line, WebAddress, Word
from ..values.translations import Told, foreign
from .order import BY_NAME, in_order
from .record import Record


class Source(Record):
    """One work that states things: an article, a release, a fact sheet, a law."""

    class Kind(models.TextChoices):
        NEWS_ARTICLE = "news-article", _("news article")
        PRESS_RELEASE = "press-release", _("press release")
        FACT_SHEET = "fact-sheet", _("fact sheet")
        SOCIAL_POST = "social-post", _("social post")
        EVENT_REPORT = "event-report", _("event report")
        DATASET = "dataset", _("dataset")
        WEB_PAGE = "web-page", _("web page")
        LAW = "law", _("law")

    collection = "sources"
    about = "Sources: what is cited for everything else."
    loading_order = -2  # before all that cites them
    label_field = "title"
    # The slug says what sort it is.
    searched = ("title", "slug", "publisher", "author", "public_note", "public_note_es")
    columns = (
        "title",
        "kind",
        "publisher",
        "author",
        "url",
        "archived_url",
        "language",
        "published",
        "accessed_on",
        "reports",
    )
    told_apart_by = ("publisher", "published")
    schema_org_columns = {
        "published": "datePublished",
        "url": "url",
        "publisher": "publisher",
        "author": "author",
        "language": "inLanguage",
    }
    SCHEMA_ORG = {
        Kind.NEWS_ARTICLE: "NewsArticle",
        Kind.PRESS_RELEASE: "Article",
        Kind.FACT_SHEET: "Report",
        Kind.SOCIAL_POST: "SocialMediaPosting",
        Kind.EVENT_REPORT: "Report",
        Kind.DATASET: "Dataset",
        Kind.WEB_PAGE: "WebPage",
        Kind.LAW: "Legislation",
    }

    title = Line(
        max_length=1000,
        help_text=_("What it is called, or what it is if it has no title."),
    )
    kind = Word(choices=Kind, help_text=_("What sort of work it is."))
    publisher = Line(blank=True, help_text=_("Who brought it out."))
    author = Line(blank=True, help_text=_("Who wrote it, if it says."))
    url = WebAddress(
        blank=True,
        help_text=_("Where it can be read; it is never fetched."),
    )
    archived_url = WebAddress(
        blank=True,
        help_text=_("Where an archive keeps a copy of it."),
    )
    language = Language(help_text=_("The language that it is written in, as en or es."))
    published = PartialDateField(
        help_text=_("When it came out, as exactly as is known.")
    )
    published_earliest, published_latest = bounds_of("published")
    accessed_on = models.DateField(
        null=True, blank=True, help_text=_("The day on which a curator last read it.")
    )
    reports = models.ManyToManyField(
        "self",
        through="SourceReport",
        symmetrical=False,
        related_name="reported_in",
        blank=True,
        help_text=_(
            "The sources that it repeats or quotes: together they count as one."
        ),
    )

    class Meta:
        ordering = ["slug"]
        indexes = [
            *in_order(BY_NAME),
            models.Index(fields=["status", "published_earliest", "id"]),
        ]
        constraints = date_constraints("published")

    @property
    def told(self):
        """The title, which is of the language of the source."""
        return Told(self.title, foreign(self.language))

    @property
    def schema_org(self):
        """What schema.org calls such a work."""
        return self.SCHEMA_ORG[self.kind]


class SourceReport(Tracked):
    """One source repeats or quotes another."""

    owner = "source"

    source = models.ForeignKey(
        Source,
        models.CASCADE,
        related_name="report_rows",
        help_text=_("The source that repeats."),
    )
    reported = models.ForeignKey(
        Source,
        models.PROTECT,
        related_name="reported_rows",
        help_text=_("The source that is repeated."),
    )

    class Meta:
        ordering = ["source", "reported"]
        verbose_name = _("repeated source")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "reported"],
                name="provenance_report_recorded_once",
                violation_error_message=_("It is already named as repeated."),
            ),
            models.CheckConstraint(
                condition=~Q(source=models.F("reported")),
                name="provenance_report_of_another",
                violation_error_message=_("A source does not repeat itself."),
            ),
        ]

    def __str__(self):
        return f"{self.source} ← {self.reported}"
