"""Files of sources: copies and texts for those who enter them, never public."""

from hashlib import sha256
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import models
from django.utils.translation import gettext_lazy as _

from ..files.formats import FORMATS, recognized
from ..files.texts import text_of
from ..tracking.tracked import SearchTextField
from ..values.words import MAX_TERM, Reading, searchable
from .beside import Stored, StoredQuerySet
from .redirect import Redirect
from .source import Source

MAX_NAME = 200  # characters of a file's name that are kept
MAX_WORDS = 400_000  # bytes of different words that it is found by


class SourceFileQuerySet(StoredQuerySet):
    """Files of sources, and the sources that have them."""

    def sources_with(self, words):
        """The sources in whose files all of the words are, as they were typed."""
        files = self.there()
        for word in words:
            files = files.filter(search_text__words=Reading(word.term))
        slugs = files.values("slug")
        former = Redirect.objects.filter(type=Source.type_name(), slug__in=slugs)
        led_to = former.values("target")
        return Source.objects.filter(
            models.Q(slug__in=slugs) | models.Q(slug__in=led_to)
        )


def where(file, name):
    """Where a file is kept: under a name of its own, whatever it was called."""
    return f"sources/{uuid4().hex}.{file.format.ending}"


class SourceFile(Stored):
    """One file of a source: a PDF, a picture, a saved page, or a text.

    A file that is removed is only hidden.
    """

    searched = ("text",)

    file = models.FileField(
        upload_to=where, max_length=200, help_text=_("Where the bytes are kept.")
    )
    name = models.CharField(
        max_length=MAX_NAME,
        help_text=_("What the file was called; shown, and never used as a path."),
    )
    media_type = models.CharField(
        max_length=100, help_text=_("What it is, as told by its bytes.")
    )
    size = models.PositiveIntegerField(help_text=_("How many bytes it has."))
    text = models.TextField(blank=True, help_text=_("The text in it, as far as read."))
    search_text = SearchTextField(help_text=_("The words in it."))

    objects = SourceFileQuerySet.as_manager()

    class Meta(Stored.Meta):
        ordering = ["added_at", "pk"]
        indexes = [models.Index(fields=["type", "slug"])]
        verbose_name = _("file of a source")
        verbose_name_plural = _("files of sources")

    def __str__(self):
        return self.name

    @property
    def format(self):
        """Its format."""
        return FORMATS[self.media_type]

    @classmethod
    def add(cls, source, data, name, user=None):
        """Adds these bytes to a source, once.

        ValidationError for what is no such file, or is there already.
        """
        found = recognized(data)
        digest = sha256(data).hexdigest()
        if known := cls.objects.beside(source).there().filter(sha256=digest).first():
            raise ValidationError(
                _("The source has this file already: %s") % known.name, code="known"
            )
        file = cls(
            type=source.record_type,
            slug=source.slug,
            key=source.pk,
            name=_printable(name) or str(found.name),
            media_type=found.media_type,
            size=len(data),
            sha256=digest,
            text=text_of(found, data),
            added_by=user,
        )
        file.search_text = words_of(f"{file.name} {file.text}")
        file.file.save("", ContentFile(data), save=False)
        file.save(force_insert=True)
        return file


def words_of(text):
    """The different words of a text, folded, for an index of words."""
    words = dict.fromkeys(word[:MAX_TERM] for word in searchable(text).split())
    kept = " ".join(words).encode()[:MAX_WORDS].decode("utf-8", "ignore")
    return kept.rpartition(" ")[0] if len(kept.encode()) > MAX_WORDS - 4 else kept


def _printable(name):
    return "".join(sign for sign in name if sign.isprintable()).strip()[:MAX_NAME]
