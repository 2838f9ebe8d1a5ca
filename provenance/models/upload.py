"""Uploads: files that wait to be looked at and confirmed."""

import uuid
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..tracking.changes import ChangeSet

A_DAY = timedelta(days=1)
MAX_NAME = 200  # characters of a file's name that are kept


def in_a_day():
    """When an upload of now expires."""
    return timezone.now() + A_DAY


class UploadQuerySet(models.QuerySet):
    """Uploads, and those of them that somebody still waits for."""

    def waiting(self):
        """What can still be imported."""
        return self.filter(change=None, expires_at__gt=timezone.now())

    def expired(self):
        """What nobody may see any more."""
        return self.filter(expires_at__lte=timezone.now())


class Upload(models.Model):
    """One file that somebody wants to import, with what was asked and what was seen.

    It is no part of the record: it keeps no history, and names the source that it is a
    reading of by the slug, so that nothing that happens to a source meets an upload. Of
    a mapping it keeps the text: what was looked at by it is what is confirmed.
    """

    key = models.UUIDField(
        primary_key=True,
        default=uuid.uuid4,
        editable=False,
        help_text=_("A random key for its address."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        help_text=_("The user who uploaded it: nobody else sees it."),
    )
    table = models.CharField(max_length=64, help_text=_("The table that it goes into."))
    file_name = models.CharField(
        max_length=MAX_NAME,
        blank=True,
        help_text=_("What the file was called; shown, and never used as a path."),
    )
    data = models.BinaryField(
        help_text=_(
            "The bytes of the file; once it is imported, of the rows that were set "
            "aside."
        )
    )
    sha256 = models.CharField(
        max_length=64, help_text=_("The SHA-256 of these bytes, in hexadecimal.")
    )
    size = models.PositiveIntegerField(help_text=_("How many bytes these are."))
    rows = models.PositiveIntegerField(help_text=_("How many rows the file has."))
    encoding = models.CharField(
        max_length=32,
        help_text=_("How its text is encoded, or what kind of workbook it is."),
    )
    delimiter = models.CharField(
        max_length=1,
        blank=True,
        help_text=_("The delimiter between its cells; empty in a workbook."),
    )
    uploaded_at = models.DateTimeField(
        default=timezone.now, help_text=_("When it was uploaded.")
    )
    expires_at = models.DateTimeField(default=in_a_day, help_text=_("When it expires."))
    # What was asked.
    sheet = models.CharField(
        max_length=MAX_NAME,
        blank=True,
        help_text=_("The sheet of the workbook; empty for the only one."),
    )
    source = models.CharField(
        max_length=100,
        blank=True,
        help_text=_("The slug of the source of the file; empty if none."),
    )
    locator = models.CharField(
        max_length=300, blank=True, help_text=_("Where in the source.")
    )
    as_of = models.CharField(
        max_length=64,
        blank=True,
        help_text=_("The date at which the source says that it was so."),
    )
    mapping = models.TextField(
        blank=True, help_text=_("How its columns become those of the table, as TOML.")
    )
    mapping_name = models.CharField(
        max_length=300,
        blank=True,
        help_text=_("What the mapping was called when it was chosen; empty if none."),
    )
    reason = models.TextField(blank=True, help_text=_("Why it is imported."))
    set_aside = models.BooleanField(
        default=False,
        help_text=_("Whether invalid rows are set aside, and the others imported."),
    )
    # What was seen.
    digest = models.TextField(
        blank=True,
        help_text=_("Two previews with the same digest do the same; empty: none"),
    )
    last_change = models.BigIntegerField(
        default=0, help_text=_("The number of the last change when it was previewed.")
    )
    report = models.JSONField(
        null=True, help_text=_("The report of the preview or of the import.")
    )
    task = models.UUIDField(
        null=True, help_text=_("What a worker was last asked to do with it.")
    )
    # What it became.
    change = models.ForeignKey(
        ChangeSet,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("The change that it became; empty while it waits."),
    )
    imported_at = models.DateTimeField(
        null=True, help_text=_("When it became this change.")
    )
    answer = models.JSONField(
        null=True, help_text=_("What the API answers whoever sent it, once it is done.")
    )

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at", "key"]
        verbose_name = _("upload")
        default_permissions = ()

    def __str__(self):
        return self.file_name or str(self.key)

    @property
    def seal(self):
        """Tells what was seen of it from anything that is seen later."""
        return sha256(f"{self.digest} {self.last_change}".encode()).hexdigest()

    @property
    def is_expired(self):
        """Whether it has waited for too long."""
        return self.expires_at <= timezone.now()
