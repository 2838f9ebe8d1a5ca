"""The page of what is found by words, grouped by what it is."""

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..api.search import matched
from ..folding import fold
from ..kinds import record_types
from ..models import terms_of
from .base import Misasked, Page

OF_EACH = 20


class SearchPage(Page):
    """What is found of each kind of record."""

    template_name = "pages/search.html"
    parameters = ("q",)

    def get_context_data(self, **context):
        text = self.asked.get("q", "")
        try:
            terms = terms_of(text)
        except ValidationError as error:
            raise Misasked(error.messages) from None
        groups = []
        for model in record_types().values() if fold(text) else ():
            found = model.objects.published().named(text).order_by("slug")
            if model.public_through:
                found = found.select_related(*model.public_through)
            hits = list(found[: OF_EACH + 1])
            if hits:
                title = capfirst(str(model._meta.verbose_name_plural))
                named = [(hit, matched(hit, terms)) for hit in hits[:OF_EACH]]
                groups.append((title, named, len(hits) > OF_EACH))
        return super().get_context_data(
            **context, q=text, searched=text, groups=groups
        ) | {"title": _("Search")}
