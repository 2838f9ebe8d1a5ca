"""Checks that translations are of the texts that are recorded now."""

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..models import Dispute
from ..values.translations import translations_of
from .base import Level, Rule, shown, tracked_tables, type_and_slug


class StaleTranslations(Rule):
    """Texts that were reworded after their translation was written.

    The history tells: what was recorded when the translation was written first is not
    what is recorded now.
    """

    name = "stale-translations"
    level = Level.WARNING
    meaning = gettext_lazy("translations that are older than what they translate")

    def broken(self):
        for model in tracked_tables():
            for name, translation in translations_of(model).items():
                yield from self._of(model, name, translation)

    @staticmethod
    def _of(model, name, translation):
        key = model._meta.pk.attname
        same = {key: OuterRef("pk"), translation: OuterRef(translation)}
        written = model.history.model._base_manager.filter(**same)
        written = written.order_by("history_id")[:1]
        rows = model._base_manager.exclude(**{translation: ""}).order_by()
        path = "record" if issubclass(model, Dispute) else ""
        rows = rows.annotate(
            translated=Subquery(written.values(name)), **type_and_slug(model, path)
        )
        stale = rows.exclude(translated=F(name))
        message = _("It was translated when the text read “%s”; translate it anew.")
        for *place, text in stale.values_list("of_type", "of_slug", "translated"):
            yield *place, translation, message % shown(text)
