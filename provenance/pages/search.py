"""The page of what is found by words, grouped by what it is."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..evidence.visibility import look_up_disputes
from ..registry.kinds import record_types
from ..search.nearness import Nearness
from ..search.records import Search
from ..values.translations import translations_of
from ..values.words import without_asking
from .addresses import in_other_forms, listed_as
from .base import Misasked, Page

OF_EACH = 20
MOST_WORDS = 6  # of a query that finds nothing, to be tried without each of them


@dataclass(frozen=True)
class Group:
    """What is found of one kind of record, each with where it is, and how near."""

    title: str
    hits: list
    has_more: bool
    nearness: Nearness


def _beside(record, search):
    """Where the words were found and what is said there, if that is not what the record
    is called here.
    """
    (field, said), labels = search.told(record), {record.label_field}
    if record.told.original:
        labels.add(translations_of(type(record)).get(record.label_field))
    is_label = field in labels or said.text in (str(record), record.in_words)
    return None if is_label else (field, said)


class SearchPage(Page):
    """What is found of each kind of record."""

    template_name = "pages/search.html"
    parameters = ("q",)
    follows_from_record = False  # but from an index of words as well

    def get_context_data(self, **context):
        text = self.asked.get("q", "")
        try:
            search = Search(text)
        except ValidationError as error:
            raise Misasked(error.messages) from None
        groups = self.groups(search)
        fewer = [] if groups else list(self.fewer(without_asking(text).split()))
        if fewer:
            (words, _address), *_others = fewer
            groups = self.groups(Search(words))
        if text:
            context |= in_other_forms("search-list", q=text, known_at=self.known_at)
        return super().get_context_data(
            **context,
            q=text,
            searched=text,
            groups=groups,
            fewer=fewer,
            taken_for_others=search.taken_for_others,
        ) | {"title": _("Search")}

    def fewer(self, words):
        """The same words but for one, where these find something: and the way there."""
        if 1 < len(words) <= MOST_WORDS:
            for place in range(len(words)):
                rest = " ".join([*words[:place], *words[place + 1 :]])
                search = Search(rest)
                if any(search.nearest(name, 1) for name in record_types()):
                    yield rest, self.address(q=rest)

    @classmethod
    def groups(cls, search):
        """What is found of each kind, with the nearest hits first."""
        return sorted(cls.of_each_kind(search), key=lambda group: group.nearness)

    @staticmethod
    def of_each_kind(search):
        """What is found, kind by kind."""
        for name, model in record_types().items():
            hits = search.nearest(name, OF_EACH + 1)
            if hits:
                look_up_disputes(model, [hit for _near, hit in hits])
                yield Group(
                    title=listed_as(model),
                    hits=[(hit, _beside(hit, search)) for _near, hit in hits[:OF_EACH]],
                    has_more=len(hits) > OF_EACH,
                    nearness=hits[0][0],
                )
