"""What lies beside a record and is no part of it: files, comments, assignments.

It names the record by its kind and its slug, so that nothing that happens to the record
meets it: a change that is taken back, a merge, a deletion. It keeps no history, goes
into no table, and is never public.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .redirect import Redirect


class BesideQuerySet(models.QuerySet):
    """What lies beside records."""

    def beside(self, record):
        """What lies beside this record, also under slugs that it had."""
        return self.of(record.record_type, record.slug, record.pk)

    def of(self, type, slug, key=None):
        """The same for a record of this kind, slug and key, or for a dispute."""
        former = Redirect.objects.filter(type=type, target=slug).values("slug")
        named = models.Q(slug=slug, key=key) | models.Q(slug__in=former)
        return self.filter(named, type=type)


class Beside(models.Model):
    """Something beside one record."""

    type = models.CharField(
        max_length=32, help_text=_("The kind of record, as in citations: agency.")
    )
    slug = models.CharField(max_length=100, help_text=_("The slug of the record."))
    key = models.BigIntegerField(
        null=True,
        help_text=_("Its key, by which it is told from a later one of this slug."),
    )

    objects = BesideQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()


class StoredQuerySet(BesideQuerySet):
    """Files beside records, and those that are there still."""

    def there(self):
        """Those that were not removed."""
        return self.filter(removed_at=None)


class Stored(Beside):
    """A file beside one record. One that is removed is only hidden."""

    sha256 = models.CharField(
        max_length=64, help_text=_("The SHA-256 of the bytes, in hexadecimal.")
    )
    added_at = models.DateTimeField(
        default=timezone.now, help_text=_("When it was added.")
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Who added it."),
    )
    removed_at = models.DateTimeField(
        null=True, help_text=_("When it was removed; its bytes are kept.")
    )

    objects = StoredQuerySet.as_manager()

    class Meta(Beside.Meta):
        abstract = True


def led_to(type, slugs):
    """For each of these slugs of a kind of record, the one that it leads to now."""
    former = Redirect.objects.filter(type=type, slug__in=list(slugs))
    targets = dict(former.values_list("slug", "target"))
    return {slug: targets.get(slug, slug) for slug in slugs}
