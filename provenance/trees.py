"""Records that stand below one another: places, agencies, themes."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

MAX_DEPTH = 50  # no government is deeper; without an end, one could be made costly


class Tree(models.Model):
    """A record below at most one of its kind, named by the field ``above``."""

    above = "parent"

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        path, upper = [self], getattr(self, self.above)
        while upper is not None:
            goes_round = upper in path  # also a circle further up that others made
            path.append(upper)
            if goes_round:
                circle = " → ".join(record.slug for record in path)
                raise ValidationError(
                    {self.above: _("That goes round in a circle: %s.") % circle}
                )
            if len(path) > MAX_DEPTH:
                message = _("That would stand more than %d steps down.") % MAX_DEPTH
                raise ValidationError({self.above: message})
            upper = getattr(upper, self.above)

    @classmethod
    def and_below(cls, record, among=None):
        """The keys of a record and of all that stand below it, if asked among these."""
        children, among = {}, cls._default_manager if among is None else among
        for key, upper in among.values_list("pk", cls.above):
            children.setdefault(upper, []).append(key)
        keys, waiting = [], [record.pk]
        while waiting:
            keys.append(key := waiting.pop())
            waiting += children.pop(key, [])  # once each, even if they go in a circle
        return keys


def not_above_itself(above="parent"):
    """A CHECK that no record is its own parent."""
    return models.CheckConstraint(
        condition=~Q(**{above: F("id")}),
        name=f"%(app_label)s_%(class)s_not_its_own_{above}",
        violation_error_message=_("Nothing stands above itself."),
    )
