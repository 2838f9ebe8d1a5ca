"""What is called by a name of ours in each of the languages of the site."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from provenance.values.text import Line


class InTwoLanguages(models.Model):
    """A term of a vocabulary, with what it is called in Spanish beside its name."""

    name = Line(help_text=_("What it is called, in English."))
    name_es = Line(
        _("Spanish name"), blank=True, help_text=_("What it is called in Spanish.")
    )

    class Meta:
        abstract = True

    @property
    def in_words(self):
        """What it is called in the language of the reader."""
        is_spanish = (get_language() or "").startswith("es")
        return self.name_es if is_spanish and self.name_es else self.name
