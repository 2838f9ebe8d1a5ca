"""The edition of the public record: which state of it answers are made of."""

from django.db import models
from django.db.models import F


class PublicEdition(models.Model):
    """How often what the public sees has changed: a row that each such change raises.

    Two answers to the same question are the same if the edition is, so that an answer
    need not be put together to tell that it has not changed.
    """

    number = models.PositiveBigIntegerField(default=1)

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.number)

    @classmethod
    def current(cls):
        """The number of the edition that the public sees now."""
        return cls.objects.values_list("number", flat=True).first() or 0

    @classmethod
    def replace(cls):
        """Makes the one that is seen now a former one."""
        if not cls.objects.update(number=F("number") + 1):
            cls.objects.create()
