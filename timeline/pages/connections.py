"""The shortest connection of two people, as a page: in words, with its events."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from entities.models import Official
from provenance.models import BY_NAME
from provenance.models.renaming import bearing
from provenance.pages.addresses import asked
from provenance.pages.base import Misasked, Moved, Page
from provenance.search.vocabulary import readings_of

from ..connections import MOST_STEPS, shortest
from ..models import Event
from ..pairs import CROWD
from .narrowed import narrowed_by

ENDS = ("one", "other")
TIME = ("from", "to", "general_knowledge")
SUGGESTED = 200  # names that the form offers
CHOICES = 12  # of those who may have been meant


@dataclass(frozen=True)
class Met:
    """One met another at an event."""

    one: Official
    event: Event
    other: Official


class ConnectionPage(Page):
    """How two people are connected, by whom they met, and whom these met."""

    template_name = "timeline/connection.html"
    parameters = (*ENDS, *TIME)

    def get_context_data(self, **context):
        people = {end: self.person(end) for end in ENDS if end in self.asked}
        chosen = {end: one for end, one in people.items() if isinstance(one, Official)}
        found, steps = None, []
        if len(chosen) == len(ENDS):
            time = {n: self.asked[n] for n in TIME if n in self.asked}
            found = shortest(*chosen.values(), narrowed_by(time))
            steps = self.told(found.steps)
        names = Official.objects.published().order_by(BY_NAME, "pk")
        return super().get_context_data(
            **context,
            asked=self.asked,
            ends=[
                (end, label, str(chosen.get(end) or self.asked.get(end, "")))
                for end, label in zip(ENDS, (_("From whom"), _("To whom")), strict=True)
            ],
            choices=[
                (self.asked[end], [(o, self.address(**{end: o.slug})) for o in several])
                for end, several in people.items()
                if end not in chosen
            ],
            found=found,
            steps=steps,
            one=chosen.get("one"),
            other=chosen.get("other"),
            crowd=CROWD,
            most_steps=MOST_STEPS,
            suggested=[str(official) for official in names[:SUGGESTED]],
        ) | {"title": _("Shortest connection")}

    def person(self, end):
        """Who is asked for by a name or a slug; or those who may have been meant."""
        text, public = self.asked[end], Official.objects.published()
        if official := bearing(public, text):
            return official
        try:
            readings = readings_of(text, [public])
        except ValidationError as error:
            raise Misasked(error.messages) from None
        found = [official for _near, official in public.nearest(readings, CHOICES)]
        called = [official for official in found if str(official) == text]
        if len(called) == 1 or len(found) == 1:
            (official,) = called if len(called) == 1 else found
            raise Moved(self.address(**{end: official.slug}), for_good=False)
        return found

    def told(self, steps):
        """The steps with their records."""
        keys = {key for step in steps for key in (step.one, step.other)}
        people = Official.objects.in_bulk(keys)
        events = Event.objects.in_bulk({step.event for step in steps})
        Event.look_up_grounds(events.values())
        return [Met(people[s.one], events[s.event], people[s.other]) for s in steps]

    @property
    def swapped(self):
        """The same from the other end."""
        both = {"one": self.asked.get("other"), "other": self.asked.get("one")}
        return asked(self.request.path, **{**self.asked, **both})
