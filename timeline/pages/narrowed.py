"""The events that an address asks for, and the ways to ask for fewer or for others."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from entities.models import Agency, Official, Place
from provenance.api.parameters import EXCLUDING, BySeveral
from provenance.models import Dispute, Source
from provenance.pages.base import Page
from provenance.pages.lists import apply_filter
from provenance.pages.reading import public_view
from provenance.values.contradiction import Certainty
from provenance.values.dates import PartialDate

from ..api import TimelineFilter, TimelineSerializer
from ..chronicle import MODELS
from ..models import Event, Theme

SEVERAL = ("type", "agency", "official", "place", "theme", "source")
DATES = ("from", "to", "as_of")
CERTAINTY = ("certainty", "in_dispute", "general_knowledge")
WORDS = {
    "type": Event.Type.choices,
    "certainty": Certainty.choices,
    "in_dispute": Dispute.State.choices,
    "general_knowledge": (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no"))),
}
FEW = 12  # ways to narrow the list that are seen before the others are asked for


@dataclass(frozen=True)
class Facet:
    """What the list can be narrowed to in one way: what it is, how many, and where."""

    title: str
    name: str
    choices: list[tuple[str, int, str]]
    are_more: bool = False  # there may be: the newest are counted

    @property
    def first(self):
        """Those that leave most."""
        return self.choices[:FEW]

    @property
    def others(self):
        """All others that are counted."""
        return self.choices[FEW:]


def narrowed_by(narrowing):
    """The published events that these parameters ask for."""
    return apply_filter(TimelineFilter, narrowing, Event.objects.published())


class Narrowed(Page):
    """What is about the events that an address narrows the timeline to."""

    parameters = (
        *SEVERAL,
        *(f"{name}{EXCLUDING}" for name in SEVERAL),
        *("from", "to", "as_of", "certainty", "q", *CERTAINTY),
    )
    repeatable = frozenset(
        name
        for name, each in TimelineFilter.base_filters.items()
        if isinstance(each, BySeveral) and each.repeatable()
    )

    @property
    def narrowing(self):
        """What of the parameters narrows the list."""
        return {
            name: value
            for name, value in self.asked.items()
            if name in TimelineFilter.base_filters
        }

    def events(self):
        """The published events that are asked for."""
        return narrowed_by(self.narrowing)

    def read(self, events):
        """The events of a page with all that is shown of them, in their order."""
        shown = self.shown([event.pk for event in events])
        return [shown[event.pk] for event in events]

    def shown(self, keys):
        """The events of these keys, with all that is shown of them, by their keys."""
        found = public_view(Event.objects.filter(pk__in=keys), TimelineSerializer)
        return {event.pk: event for event in found}

    def narrowed_to(self):
        """What the list is narrowed to, each with the way to leave it out."""
        found = []
        for parameter, value in self.narrowing.items():
            name = parameter.removesuffix(EXCLUDING)
            texts = [value] if isinstance(value, str) else value
            if name in DATES:
                texts = [PartialDate(text).readable for text in texts]
            if name in (*SEVERAL, *CERTAINTY):
                texts = [self.in_words(name, text.split(",")) for text in texts]
            text = _(" and ").join(texts)
            if name != parameter:
                text = _("not %s") % text
            label = {
                "type": _("Kind"),
                "from": _("From"),
                "to": _("To"),
                "q": _("Search text"),
                "as_of": _("At"),
                "certainty": _("Certainty"),
                "in_dispute": _("In dispute"),
                "general_knowledge": _("General knowledge"),
            }.get(name) or capfirst(str(MODELS[name]._meta.verbose_name))
            found.append((label, text, self.address(**{parameter: "", "cursor": ""})))
        return found

    def in_words(self, name, values):
        """What some alternatives that narrow the list are called."""
        if name in WORDS:
            known = {word: str(label) for word, label in WORDS[name]}
        else:
            records = MODELS[name].objects.published().filter(slug__in=values)
            known = {record.slug: record.in_words for record in records}
        return _(" or ").join(known.get(value.strip(), value) for value in values)

    def by_certainty(self):
        """The ways to see only what is disputed, settled or general knowledge."""
        for name, word, label in (
            ("in_dispute", "open", _("disputed")),
            ("in_dispute", "settled", _("dispute settled")),
            ("general_knowledge", "yes", _("not from the sources")),
        ):
            here = self.asked.get(name) == word
            yield label, self.address(**{name: "" if here else word}, cursor=""), here

    def facets(self, counted, are_all):
        """What the list can be narrowed to, each with how many events that leaves."""
        titles = {
            "type": _("Kind"),
            "agency": capfirst(str(Agency._meta.verbose_name)),
            "official": capfirst(str(Official._meta.verbose_name)),
            "place": capfirst(str(Place._meta.verbose_name)),
            "theme": capfirst(str(Theme._meta.verbose_name)),
            "source": capfirst(str(Source._meta.verbose_name)),
        }
        return [
            Facet(
                title,
                name,
                [
                    (label, number, self.address(**{name: value, "cursor": ""}))
                    for value, label, number in found
                ],
                are_more=not are_all,
            )
            for name, title in titles.items()
            if (found := counted.get(name))
        ]
