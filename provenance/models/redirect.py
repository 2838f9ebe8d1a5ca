"""The redirects of former slugs."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..db.batches import filtered
from ..registry.kinds import record_types
from ..tracking.tracked import Tracked
from ..values.text import Key


class Redirect(Tracked):
    """A slug that a record bore before: its addresses lead to the record still."""

    type = models.CharField(
        max_length=32, help_text=_("The kind of record, as in citations: agency.")
    )
    slug = Key(help_text=_("The former slug."))
    target = Key(help_text=_("The current slug."))

    class Meta:
        ordering = ["type", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "slug"],
                name="provenance_redirect_to_one",
                violation_error_message=_("This slug already redirects to another."),
            ),
            models.CheckConstraint(
                condition=~Q(slug=models.F("target")),
                name="provenance_redirect_elsewhere",
                violation_error_message=_("A slug cannot redirect to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.type}: {self.slug} → {self.target}"

    @classmethod
    def clean_many(cls, records):
        """A slug that a record bears is no former one: it would never be found."""
        yield from super().clean_many(records)
        named = defaultdict(list)
        for record in records:
            named[record.type].append(record)
        for kind, model in record_types().items():
            former = named.get(kind, ())
            # Events of all kinds share one set of slugs, that of their common table.
            bearers = model._meta.get_field("slug").model._base_manager.order_by()
            slugs = [record.slug for record in former]
            borne = set(filtered(bearers.values_list("slug", flat=True), slug=slugs))
            message = _("A record has the slug “%s” now; rename that record instead.")
            for record in former:
                if record.slug in borne:
                    said = message % record.slug
                    yield record, ValidationError({"slug": said})
