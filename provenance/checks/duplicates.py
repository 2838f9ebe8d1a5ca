"""Checks for possible duplicates: pairs with similar names."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..review.duplicates import duplicates
from .base import Level, Rule


class LikelyDuplicates(Rule):
    """Records that may be one, and that nobody has told apart."""

    name = "duplicates"
    level = Level.WARNING
    meaning = gettext_lazy("possible duplicates")

    def __init__(self, *models):
        self.models = models

    def broken(self):
        for model in self.models:
            try:
                pairs = duplicates(model)
            except ValidationError:
                continue  # a text that is no value of its field: stale-bounds names it
            for pair in pairs:
                message = _(
                    "It may be a duplicate of “%(other)s” (%(reason)s); merge the "
                    "two, or mark them as not duplicates."
                )
                said = {"other": pair.other.slug, "reason": pair.reason}
                yield model.type_name(), pair.one.slug, "", message % said
