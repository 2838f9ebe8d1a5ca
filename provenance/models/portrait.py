"""Portraits of people, and emblems of agencies: pictures with credit and licence."""

from hashlib import sha256
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..files.pictures import made_of
from .beside import Stored, StoredQuerySet
from .public_edition import PublicEdition
from .redirect import Redirect

LINE = 300


class PortraitQuerySet(StoredQuerySet):
    """Portraits, of which a record has one at a time."""

    def of_record(self, record):
        """The portrait of a record; None if it has none."""
        return self.beside(record).there().order_by("-pk").first()

    def of_records(self, records):
        """The portraits of some records of one kind, by the keys of these."""
        keys = {record.slug: record.pk for record in records}
        if not keys:
            return {}
        (type,) = {record.record_type for record in records}
        former = Redirect.objects.filter(type=type, target__in=keys)
        targets = dict(former.values_list("slug", "target"))
        shown = self.there().filter(type=type, slug__in=[*keys, *targets])
        found = {}
        for one in shown.order_by("pk"):
            key = keys[targets.get(one.slug, one.slug)]
            if one.slug in targets or one.key == key:
                found[key] = one
        return found


def where(_portrait, _name):
    """Where a picture is kept."""
    return f"portraits/{uuid4().hex}.jpg"


class Portrait(Stored):
    """A picture of a person or the emblem of an agency, which readers of a published
    record see.

    It is made anew when it is added. One that is removed is only hidden.
    """

    file = models.FileField(
        upload_to=where, max_length=200, help_text=_("Where the bytes are kept.")
    )
    thumbnail = models.FileField(
        upload_to=where,
        max_length=200,
        blank=True,
        help_text=_("Where the bytes of the small one are kept, if it was made."),
    )
    width = models.PositiveIntegerField(help_text=_("Its width in pixels."))
    height = models.PositiveIntegerField(help_text=_("Its height in pixels."))
    credit = models.CharField(max_length=LINE, help_text=_("Who made it."))
    licence = models.CharField(
        max_length=LINE,
        help_text=_("Under which licence it may be shown: public domain, CC BY 4.0."),
    )
    origin = models.URLField(
        max_length=2000, blank=True, help_text=_("Where it was found.")
    )

    objects = PortraitQuerySet.as_manager()

    class Meta(Stored.Meta):
        ordering = ["pk"]
        indexes = [models.Index(fields=["type", "slug"])]
        verbose_name = _("portrait")
        verbose_name_plural = _("portraits")

    def __str__(self):
        return f"{self.credit}, {self.licence}"

    @classmethod
    def add(cls, record, data, *, credit, licence, origin="", user=None):
        """Gives a record this portrait and no other; ValidationError if it is none."""
        made = made_of(data)
        portrait = cls(
            type=record.record_type,
            slug=record.slug,
            key=record.pk,
            width=made.width,
            height=made.height,
            sha256=sha256(made.data).hexdigest(),
            credit=credit,
            licence=licence,
            origin=origin,
            added_by=user,
        )
        portrait.file.save("", ContentFile(made.data), save=False)
        portrait.thumbnail.save("", ContentFile(made.thumbnail), save=False)
        with transaction.atomic():
            cls.remove(record)
            portrait.save(force_insert=True)
        return portrait

    @classmethod
    def remove(cls, record):
        """Takes the portrait of a record from its page."""
        shown = cls.objects.beside(record).there()
        shown.update(removed_at=timezone.now())
        PublicEdition.replace()  # the page is another than it was
