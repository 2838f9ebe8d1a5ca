"""What became of the forms of new records, which may reach the site a second time."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KEPT = 30  # forms of one person


class SentForm(models.Model):
    """A form that was saved: which it was, and the record that it made."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        help_text=_("Who sent it."),
    )
    key = models.CharField(max_length=32, help_text=_("Which form it was."))
    label = models.CharField(max_length=100, help_text=_("What the record is called."))
    address = models.CharField(max_length=200, help_text=_("Where the record is."))
    at = models.DateTimeField(default=timezone.now, help_text=_("When it was saved."))

    class Meta:
        ordering = ["-pk"]
        default_permissions = ()
        verbose_name = _("form that was sent")
        verbose_name_plural = _("forms that were sent")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "key"], name="provenance_form_saved_once"
            )
        ]

    def __str__(self):
        return self.label

    @classmethod
    def keep(cls, user, key, label, address):
        """Remembers what a form became.

        Raises ``IntegrityError`` where it was saved already, at the same moment.
        """
        cls.objects.create(user=user, key=key, label=label[:100], address=address)
        of_user = cls.objects.filter(user=user)
        for oldest in of_user.values_list("pk", flat=True)[KEPT : KEPT + 1]:
            of_user.filter(pk__lte=oldest).delete()
