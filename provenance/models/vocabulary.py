"""All words that records are found by, and what a typed word is taken for."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .. import word_index  # noqa: F401 - importing it registers search_text__words
from ..words import EDGE, MAX_TERM, Reading, alike, terms_of, turned


class KnownWord(models.Model):
    """A word that was written in some record, drafts included: the public sees none.

    The database adds to them by itself whenever a record is written.
    """

    text = models.CharField(primary_key=True, max_length=MAX_TERM)
    beginning = models.CharField(
        max_length=EDGE, db_index=True, help_text=_("Its first letters.")
    )
    ending = models.CharField(
        max_length=EDGE, db_index=True, help_text=_("Its last letters.")
    )

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.text

    @classmethod
    def meant_by(cls, term):
        """The words that may have been meant by one that nothing begins with."""
        near = Q(beginning=term[:EDGE]) | Q(ending=term[-EDGE:]) | Q(text=turned(term))
        words = cls.objects.filter(near).values_list("text", flat=True)
        return tuple(sorted(word for word in words if alike(term, word)))


def readings_of(text, querysets):
    """What each word of a text is taken for, where records of these are looked for.

    Only what is in them counts: who does not see a draft cannot tell that it is there.
    ValidationError for more words than one types.
    """
    readings = []
    for term in terms_of(text):
        reading = Reading(term)
        found = [rows.found_by([reading]).order_by().values("pk") for rows in querysets]
        if found and not found[0].union(*found[1:], all=True).exists():
            reading = Reading(term, KnownWord.meant_by(term))
        readings.append(reading)
    return readings
