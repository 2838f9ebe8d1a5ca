"""What is asked of time: what held on a date, in a period, or both."""

from dataclasses import dataclass

from django.db.models import Q

from .contradiction import Certainty
from .dates import PartialDate, certain_on, certainly


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
        """Those of the rows that held then: possibly, or definitely."""
        if self.in_period:
            rows = rows.during(self.first, self.last, certainty)
        return rows.as_of(self.on, certainty) if self.on else rows

    @property
    def period(self):
        """The first day and the last of the period."""
        return PartialDate(self.first).earliest, PartialDate(self.last).latest

    def certain(self, span):
        """Whether what lasts that long certainly held then, for a query."""
        condition = certain_on(span, self.on) if self.on else Q()
        if self.in_period:
            first, last = self.period
            condition &= certainly(span, begun_by=last, on_from=first)
        return condition

    def answer(self, record):
        """Whether a record that may have held then did: ``yes`` or ``maybe``."""
        is_certain = not self.on or record.holds(self.on) == "yes"
        if self.in_period:
            first, last = self.period
            _begins, begun, ending, _ended = record.days
            was_on = record.has_sure_dates and begun <= last and ending >= first
            is_certain = is_certain and was_on
        return "yes" if is_certain else "maybe"
