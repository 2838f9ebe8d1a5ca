"""Saved views: lists as somebody wants to see them, for themselves or for all."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

MAX_NAME, MAX_QUERY = 100, 2_000


class SavedView(models.Model):
    """The filters, the order and the columns of a list, under a name.

    Without a name it is how its user sees the list wherever no other view is chosen.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_views",
        help_text=_("Whose view it is."),
    )
    list_name = models.CharField(
        max_length=64, help_text=_("The list, as entities.official.")
    )
    name = models.CharField(
        max_length=MAX_NAME, blank=True, help_text=_("What it is called.")
    )
    query = models.TextField(
        blank=True, help_text=_("Its filters, its words and its order, as a query.")
    )
    columns = models.JSONField(
        default=list, help_text=_("Its columns, in order; none: those of the list.")
    )
    is_shared = models.BooleanField(
        default=False, help_text=_("Whether all who see the list are offered it.")
    )

    class Meta:
        ordering = ["name", "pk"]
        default_permissions = ()
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        indexes = [models.Index(fields=["list_name", "name"])]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "list_name", "name"],
                name="provenance_view_of_one_name",
                violation_error_message=_("You have a view of this name already."),
            )
        ]

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        self.name = " ".join(self.name.split())
        if len(self.name) > MAX_NAME:
            raise ValidationError(_("A name has at most %d characters.") % MAX_NAME)
        if len(self.query) > MAX_QUERY:
            raise ValidationError(_("The view has too many filters to be saved."))
