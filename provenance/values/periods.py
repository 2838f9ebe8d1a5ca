"""Periods of the calendar: years, quarters, months and fiscal years."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .dates import PartialDate

FISCAL = "fiscal-year"
MONTHS = {"year": 12, "quarter": 3, "month": 1, FISCAL: 12}
OCTOBER = 10  # when the fiscal year of the United States begins; Mexico's is the year


@dataclass(frozen=True, order=True)
class Period:
    """Some months of the calendar, from the first day to the last.

    Its label is as in SDMX for a year (``2024``), a quarter (``2024-Q3``) and a month
    (``2024-07``). A fiscal year is named by the year in which it ends: ``FY2025`` from
    October 2024.
    """

    first: date
    last: date
    label: str

    def __str__(self):
        """It as people read it."""
        year, _dash, part = self.label.partition("-")
        if year.startswith("FY"):
            return gettext("fiscal year %s") % year.removeprefix("FY")
        if part.startswith("Q"):
            told = {"number": part.removeprefix("Q"), "year": year}
            return gettext("Q%(number)s %(year)s") % told
        return PartialDate(self.label).readable

    @property
    def days(self):
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True)
class Calendar:
    """The calendar cut into periods of one sort, one of ``MONTHS``.

    ``begins`` is the month with which a fiscal year begins, from 1 to 12.
    """

    sort: str
    begins: int = 1

    @property
    def months(self):
        return MONTHS[self.sort]

    @property
    def _offset(self):
        return self.begins - 1 if self.sort == FISCAL else 0

    def _number(self, day):
        """Which period the day is in, counted from the year 0."""
        return (day.year * 12 + day.month - 1 - self._offset) // self.months

    def at(self, day):
        """The period that the day is in."""
        return self._period(self._number(day))

    def around(self, first, last):
        """The period in which both days lie; None if they lie in two."""
        number = self._number(first)
        return self._period(number) if number == self._number(last) else None

    def number_through(self, first, last):
        """How many periods there are from that of one day to that of another."""
        return self._number(last) - self._number(first) + 1

    def through(self, first, last):
        """The periods from that of one day to that of another."""
        numbers = range(self._number(first), self._number(last) + 1)
        return [self._period(number) for number in numbers]

    @lru_cache(maxsize=2048)  # noqa: B019  calendars are values, of which there are few
    def _period(self, number):
        begins = number * self.months + self._offset
        last = _first_of(begins + self.months) - timedelta(days=1)
        return Period(_first_of(begins), last, self._label(begins))

    def _label(self, begins):
        year, month = divmod(begins, 12)
        if self.sort == "month":
            return f"{year:04}-{month + 1:02}"
        if self.sort == "quarter":
            return f"{year:04}-Q{month // 3 + 1}"
        if self.sort == FISCAL:
            return f"FY{(begins + 11) // 12:04}"
        return f"{year:04}"


def _first_of(month):
    """The first day of a month counted from the year 0; that of time at its edges."""
    year, month = divmod(month, 12)
    if year < date.min.year:
        return date.min
    return date.max if year > date.max.year else date(year, month + 1, 1)


# How long a window is, by its days.
LENGTHS = {
    "day": range(1, 2),
    "week": range(7, 8),
    "month": range(28, 32),
    "quarter": range(90, 93),
    "half-year": range(181, 185),
    "year": range(365, 367),
}
OTHER = "other"
WINDOWS = (*LENGTHS, OTHER)
LENGTH_NAMES = {
    "day": _("day"),
    "week": _("week"),
    "month": _("month"),
    "quarter": _("quarter"),
    "half-year": _("half-year"),
    "year": _("year"),
    OTHER: _("another length"),
}


BY_DAYS = {days: word for word, several in LENGTHS.items() for days in several}


def length_of(first, last):
    """What a window is as long as: one of ``WINDOWS``."""
    return BY_DAYS.get((last - first).days + 1, OTHER)
