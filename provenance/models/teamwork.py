"""How curators work together on a record: comments, assignments, who watches it."""

import re

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..tracking.changes import ChangeSet
from .beside import Beside, BesideQuerySet

MAX_COMMENT, MAX_NOTE = 5_000, 300
MOST_NAMED = 50  # whom one comment tells
MENTION = re.compile(r"(?<![\w@])@([\w.+-]{1,150})")
USER = settings.AUTH_USER_MODEL


def mentioned_in(text):
    """The staff whom a text names, as ``@ana``."""
    names = sorted({name.rstrip(".") for name in MENTION.findall(text)})[:MOST_NAMED]
    if not names:
        return []
    called = Q()
    for name in names:
        called |= Q(username__iexact=name)
    return list(get_user_model().objects.filter(called, is_staff=True, is_active=True))


class CommentQuerySet(BesideQuerySet):
    """Comments, and the threads that they make."""

    def threads(self):
        """The comments with which threads begin, the open ones first."""
        begun = self.filter(thread=None).select_related("author", "resolved_by")
        answers = Comment.objects.select_related("author")
        return begun.prefetch_related(models.Prefetch("answers", answers)).order_by(
            models.F("resolved_at").asc(nulls_first=True), "at", "pk"
        )


class Comment(Beside):
    """What somebody says of a record or a field of it; with its answers, a thread."""

    field = models.CharField(
        max_length=64, blank=True, help_text=_("The field; empty for the record.")
    )
    text = models.TextField(max_length=MAX_COMMENT, help_text=_("What is said."))
    author = models.ForeignKey(
        USER,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Its author."),
    )
    at = models.DateTimeField(default=timezone.now, help_text=_("When it was said."))
    thread = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        related_name="answers",
        help_text=_("The comment that it answers."),
    )
    resolved_at = models.DateTimeField(
        null=True, help_text=_("When the thread was resolved.")
    )
    resolved_by = models.ForeignKey(
        USER,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Who resolved it."),
    )
    mentions = models.ManyToManyField(
        USER, related_name="+", help_text=_("The staff whom it names.")
    )

    objects = CommentQuerySet.as_manager()

    class Meta(Beside.Meta):
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["type", "slug"])]

    def __str__(self):
        return self.text[:80]

    def clean(self):
        super().clean()
        self.text = self.text.replace("\0", "").strip()
        if not self.text:
            raise ValidationError(_("Type a comment first."), code="required")
        if len(self.text) > MAX_COMMENT:
            raise ValidationError(
                _("A comment has at most %d characters.") % MAX_COMMENT, code="too_long"
            )

    def say(self):
        """Keeps it, with whom it mentions; a thread that is answered is open again."""
        self.clean()
        self.save()
        self.mentions.set(mentioned_in(self.text))
        if self.thread_id:
            Comment.objects.filter(pk=self.thread_id).update(
                resolved_at=None, resolved_by=None
            )


class Assignment(Beside):
    """A record, or a dispute, that somebody is asked to see to."""

    to = models.ForeignKey(
        USER, models.CASCADE, related_name="+", help_text=_("Who is asked.")
    )
    by = models.ForeignKey(
        USER,
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text=_("Who asked for it."),
    )
    at = models.DateTimeField(default=timezone.now, help_text=_("When."))
    note = models.CharField(
        max_length=MAX_NOTE, blank=True, help_text=_("What is to be done.")
    )
    done_at = models.DateTimeField(null=True, help_text=_("When it was done."))

    class Meta(Beside.Meta):
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["to", "done_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "slug", "key"],
                condition=Q(done_at=None),
                name="provenance_assigned_to_one",
                violation_error_message=_("It is assigned already."),
            )
        ]

    def __str__(self):
        return f"{self.type} {self.slug}: {self.to}"


class Watch(Beside):
    """Somebody wants to know what changes about a record."""

    user = models.ForeignKey(
        USER, models.CASCADE, related_name="watches", help_text=_("Who watches it.")
    )
    since = models.BigIntegerField(
        default=0, help_text=_("The last change when they began to.")
    )

    class Meta(Beside.Meta):
        ordering = ["type", "slug"]
        verbose_name = _("watched record")
        verbose_name_plural = _("watched records")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "type", "slug", "key"], name="provenance_watched_once"
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.type} {self.slug}"

    @classmethod
    def begin(cls, user, type, slug, key=None):
        """Watches from now on; what changed before is no news."""
        last = ChangeSet.objects.aggregate(last=models.Max("number"))["last"] or 0
        cls.objects.get_or_create(
            user=user,
            type=type,
            slug=slug,
            key=key,
            defaults={"since": last},
        )


class Attention(models.Model):
    """Up to when somebody knows what waits for them, and how they want to be told."""

    user = models.OneToOneField(
        USER, models.CASCADE, related_name="attention", help_text=_("Who.")
    )
    by_mail = models.BooleanField(
        default=False, help_text=_("Whether they are told by e-mail as well.")
    )
    seen_change = models.BigIntegerField(
        default=0,
        help_text=_("The last change of what they watch that they have seen."),
    )
    mailed_at = models.DateTimeField(
        default=timezone.now, help_text=_("Up to when they were told by e-mail.")
    )

    class Meta:
        default_permissions = ()
        verbose_name = verbose_name_plural = _("attention")

    def __str__(self):
        return str(self.user)

    @classmethod
    def of(cls, user):
        """That of somebody; what changed before anybody asked is no news."""
        known = cls.objects.filter(user=user).first()
        return known or cls(user=user)
