"""Checks that the search index has the words of every record."""

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..search.index import in_step, indexed
from .base import Rule, record_of


class UnfoundWords(Rule):
    """Tables whose index of words says something else than the table does."""

    name = "words"
    meaning = gettext_lazy("an index of search words that is out of step")

    def broken(self):
        for model in indexed(apps.get_models()):
            if not in_step(model):
                yield (
                    record_of(model).type_name(),
                    "",
                    "search_text",
                    _("The index of words is out of step; run index_words."),
                )
