"""What is asked of time: what held on a date, in a period, or both."""

from dataclasses import dataclass

from django.db.models import Q

from .contradiction import Certainty
from .dates import HOLDS, NOT, POSSIBLY, PartialDate, held_for, ruled_out


@dataclass(frozen=True)
class AskedTime:
    """A date, and a period from ``first`` to ``last``, as partial dates; or empty.

    On the date something certainly holds if it does on every day that this can mean,
    in the period if it does on some day of it.
    """

    on: str = ""
    first: str = ""
    last: str = ""

    def __bool__(self):
        return bool(self.on or self.in_period)

    @property
    def in_period(self):
        """Whether a period is asked about."""
        return bool(self.first or self.last)

    @property
    def earliest(self):
        """The date from which it is asked; empty if it is from ever."""
        return self.on or self.first

    def held(self, rows, certainty=Certainty.POSSIBLE):
        """Those of the rows that held then: possibly, likely or definitely."""
        if self.in_period:
            rows = rows.during(self.first, self.last, certainty)
        return rows.as_of(self.on, certainty) if self.on else rows

    @property
    def period(self):
        """The first day and the last of the period."""
        return PartialDate(self.first).earliest, PartialDate(self.last).latest

    @property
    def _stretches(self):
        """By which days it must have begun, and before which it must not have ended."""
        if self.on:
            day = PartialDate(self.on)
            yield day.earliest, day.latest
        if self.in_period:
            first, last = self.period
            yield last, first

    def condition(self, model, certainty):
        """A condition of a query: it held then, as is likely or definite."""
        condition = Q()
        for begun_by, on_from in self._stretches:
            condition &= held_for(model, begun_by, on_from, certainty)
        return condition

    @property
    def _reaches(self):
        """By which days it may have begun, and before which it must not have ended."""
        if self.on:
            day = PartialDate(self.on)
            yield day.latest, day.earliest
        if self.in_period:
            first, last = self.period
            yield last, first

    def ruled_out(self, model):
        """A condition of a query: it did not hold then."""
        condition = Q()
        for begun_by, on_from in self._reaches:
            condition |= ruled_out(model, begun_by, on_from)
        return condition

    def answers(self, model, all_held=True):
        """Conditions of a query, each with the answer where it is the first to be true:
        yes or likely, and no if some of the rows did not hold; maybe where none is.
        """
        if not all_held:
            yield self.ruled_out(model), NOT
        for certainty, answer in HOLDS.items():
            yield self.condition(model, certainty), answer

    def answer(self, record):
        """Whether it held then: yes, likely, maybe or no."""
        if any(record.rules_out(*reach) for reach in self._reaches):
            return NOT
        found = [record.sureness(*stretch) for stretch in self._stretches]
        if Certainty.POSSIBLE in found:
            return POSSIBLY
        is_likely = Certainty.LIKELY in found
        return HOLDS[Certainty.LIKELY if is_likely else Certainty.DEFINITE]
