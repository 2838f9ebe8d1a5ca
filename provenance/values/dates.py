"""Dates as sources give them: a year, a month, a day, one day in a range.

The text is a profile of EDTF (Extended Date/Time Format, ISO 8601-2:2019): ``2009``,
``2009-03``, ``2008-09-16``, each with ``?`` (uncertain), ``~`` (approximate) or ``%``
(both) behind it; ``[2025-02-01..2025-02-10]`` one day in that range; ``[..2009-10]`` by
then; ``[2007..]`` not before. As an end also ``..``: still going on. Empty: not known.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from .bounds import Bound, BoundedTextField, BoundsConstraint
from .contradiction import Certainty
from .lengths import LengthClass, earliest_starts

A_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"  # \d would let full-width digits in
PROFILE = re.compile(
    rf"(?P<one>{A_DATE})(?P<mark>[?~%])?"
    rf"|\[(?!\.\.\])(?P<low>{A_DATE})?\.\.(?P<high>{A_DATE})?\]"
    r"|\.\.|"
)
# Enough of EDTF to tell "a date that is not kept here" from "no date at all".
# (Until 2019 "?~" was written for "%".)
ANY_DATE = r"-?[?~%]?[0-9X]{4}(?:[?~%]?-[?~%]?[0-9X]{2}){0,2}(?:\?~|[?~%])?"
AN_END = rf"(?:{ANY_DATE}|\.\.)?"
OTHER_EDTF = re.compile(
    rf"{ANY_DATE}"
    r"|Y-?[0-9]+(?:E[0-9]+)?(?:S[0-9]+)?|-?[0-9]+S[0-9]+"
    r"|[0-9]{4}(?:-[0-9]{2}){2}T[0-9:.Z+-]+"
    rf"|[\[{{](?:\.\.)?{ANY_DATE}(?:(?:,|\.\.){ANY_DATE})*(?:\.\.)?[\]}}]"
    rf"|(?!/\Z){AN_END}/{AN_END}"
)
SEASON = re.compile(r"[0-9]{4}-(?:2[1-9]|3[0-9]|4[01])[?~%]?")
UNCERTAIN, APPROXIMATE, BOTH = "?", "~", "%"
ONGOING = ".."


def _first_day(text):
    return date.fromisoformat(text + "0001-01-01"[len(text) :])


def _last_day(text):
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = int(text[:4]), int(text[5:7] or 12)
    if not (year and 1 <= month <= 12):
        raise ValueError(text)
    return date(year, month, monthrange(year, month)[1])


def _outside_profile(text):
    return ValidationError(
        _(
            "“%(text)s” is EDTF that is not supported here; write 2024, "
            "2024-04 or 2024-04-03, [2024-04..2024-06] for one day in a "
            "range, each end in a field of its own."
        ),
        code="outside_profile",
        params={"text": text[:80]},
    )


def _no_date(text):
    return ValidationError(
        _(
            "“%(text)s” is not a date; write 2024, 2024-04 or 2024-04-03, with ? or ~ "
            "behind it "
            "if unsure, or [2024-04-01..2024-04-10] for one day in a range."
        ),
        code="invalid",
        params={"text": text[:80]},
    )


@lru_cache(maxsize=8192)
def _parse(text):
    """The earliest day, the latest day and the mark of a text in the profile."""
    match = PROFILE.fullmatch(text)
    if match is None:
        raise _outside_profile(text) if OTHER_EDTF.fullmatch(text) else _no_date(text)
    one = match["one"]
    low, high = (one, one) if one else (match["low"], match["high"])
    try:
        earliest = _first_day(low) if low else date.max if text == ONGOING else date.min
        latest = _last_day(high) if high else date.max
    except ValueError:
        if SEASON.fullmatch(text):
            raise _outside_profile(text) from None
        said = _(
            "“%(text)s” is not a day in the calendar; check its month and its day."
        )
        if "0000" in (low and low[:4], high and high[:4]):
            said = _("“%(text)s” names the year 0; years go from 0001 to 9999.")
        raise ValidationError(
            said,
            code="no_such_day",
            params={"text": text},
        ) from None
    if low and high and not one and (earliest > latest or low == high):
        raise ValidationError(
            _("“%(text)s” ends before it begins; write the earlier date first.")
            if earliest > latest
            else _("“%(text)s” is no range; write %(one)s."),
            code="backwards" if earliest > latest else "no_range",
            params={"text": text, "one": low},
        )
    return earliest, latest, match["mark"] or ""


class PartialDate(str):
    """A date as its source gives it: ``2019``, ``2025-02~``, ``[..2009-10]``, ``..``.

    ``earliest`` and ``latest`` are the first and the last day that it can mean
    (``date.min`` and ``date.max`` where it says nothing; both ``date.max`` while
    something goes on). Raises ValidationError, with what would be right, for any text
    outside the profile.
    """

    __slots__ = ("earliest", "latest", "mark")
    MAX_LENGTH = 24

    def __new__(cls, text=""):
        if type(text) is cls:
            return text
        self = super().__new__(cls, text)
        self.earliest, self.latest, self.mark = _parse(str(text))
        return self

    def __getnewargs__(self):
        return (str(self),)

    @property
    def is_known(self):
        return bool(self)

    @property
    def is_ongoing(self):
        return self == ONGOING

    @property
    def sort_key(self):
        """Earliest first; of two that begin alike, the one that ends first."""
        return self.earliest, self.latest, str(self)

    @property
    def in_words(self):
        """What the text means, in a phrase: “some day from 1 to 28 February 2025”."""
        if not self:
            return str(_("not known"))
        if self.is_ongoing:
            return str(_("still going on"))
        if self.startswith("[.."):
            words = _("by %(day)s") % {"day": _day(self.latest)}
        elif self.endswith("..]"):
            words = _("not before %(day)s") % {"day": _day(self.earliest)}
        elif self.earliest == self.latest:
            words = _day(self.earliest)
        else:
            words = _("some day from %(first)s to %(last)s") % {
                "first": _day(self.earliest, before=self.latest),
                "last": _day(self.latest),
            }
        remark = {
            UNCERTAIN: _("the source is unsure"),
            APPROXIMATE: _("an approximate date"),
            BOTH: _("approximate, and the source is unsure"),
        }.get(self.mark)
        return f"{words} ({remark})" if remark else str(words)

    @property
    def readable(self):
        """As readers write it, no more exact than it is: “February 2025”, “by 2009”."""
        if not self:
            return str(_("not known"))
        if self.is_ongoing:
            return str(_("still going on"))
        if not self.startswith("["):
            words = _unit(self.rstrip(UNCERTAIN + APPROXIMATE + BOTH))
            doubt = {
                UNCERTAIN: _("%s, perhaps"),
                APPROXIMATE: _("about %s"),
                BOTH: _("perhaps about %s"),
            }.get(self.mark)
            return doubt % words if doubt else words
        low, high = self[1:-1].split("..")
        if not low:
            return _("by %(day)s") % {"day": _unit(high)}
        if not high:
            return _("not before %(day)s") % {"day": _unit(low)}
        if len(low) == len(high) == 10:
            first = _day(self.earliest, before=self.latest)
            return f"{first}–{_day(self.latest)}"
        return f"{_unit(low)} – {_unit(high)}"


def _unit(text):
    """A year, a month or a day in words."""
    if len(text) == 4:
        return text
    if len(text) == 7:
        return _("%(month)s %(year)s") % {
            "month": MONTHS[int(text[5:])],
            "year": text[:4],
        }
    return _day(date.fromisoformat(text))


def _day(day, before=None):
    """``1 February 2025``; what a later day will repeat is left out before it."""
    if before and (day.year, day.month) == (before.year, before.month):
        return str(day.day)
    parts = {"day": day.day, "month": MONTHS[day.month], "year": day.year}
    if before and day.year == before.year:
        return _("%(day)s %(month)s") % parts
    return _("%(day)s %(month)s %(year)s") % parts


class PartialDateField(BoundedTextField):
    """A column of partial dates; an end also takes ``..``, still going on."""

    value_class = PartialDate

    def __init__(self, *args, is_end=False, **kwargs):
        self.is_end = is_end
        super().__init__(*args, **kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, **({"is_end": True} if self.is_end else {})}

    def to_python(self, value):
        value = super().to_python(value)
        if value.is_ongoing and not self.is_end:
            raise ValidationError(
                _("“..” says that something still goes on; only an end can say so."),
                code="ongoing",
            )
        return value


class DateBoundField(Bound, models.DateField):
    """The first or the last day that a partial date can mean."""


def bounds_of(name):
    """The two columns that belong beside the partial date of this name."""
    return (
        DateBoundField(
            name, "earliest", help_text=f"The first day that {name} can mean."
        ),
        DateBoundField(name, "latest", help_text=f"The last day that {name} can mean."),
    )


def date_constraints(*names):
    """CHECKs that the bounds of these partial dates are in order."""
    return [
        BoundsConstraint(
            condition=Q(**{f"{name}_earliest__lte": F(f"{name}_latest")}),
            name=f"%(app_label)s_%(class)s_{name}_bounds",
            violation_error_message=_("The first day it can mean is after the last."),
        )
        for name in names
    ]


def span_constraint(start, end):
    """A CHECK that what certainly ended before it could start is refused."""
    return BoundsConstraint(
        condition=Q(**{f"{start}_earliest__lte": F(f"{end}_latest")}),
        name=f"%(app_label)s_%(class)s_{start}_before_{end}",
        violation_error_message=_("It cannot end before it starts."),
    )


class DatedQuerySet(models.QuerySet):
    """Questions of time, in the words a curator would use."""

    def during(self, when, until=None, certainty=Certainty.POSSIBLE):
        """What held on some day of ``when``, or from it to the end of ``until``:
        possibly, or definitely.
        """
        first = PartialDate(when).earliest
        last = PartialDate(when if until is None else until).latest
        start, end = self.model.span
        if certainty == Certainty.POSSIBLE:
            return self.filter(
                **{f"{start}_earliest__lte": last, f"{end}_latest__gte": first}
            )
        # It is on at its start and at its end, so one of them in the range will do.
        return self.filter(
            ~marked(start),
            ~marked(end),
            Q(**{f"{start}_latest__lte": last}) | Q(**{f"{end}_latest__lte": last}),
            Q(**{f"{end}_earliest__gte": first})
            | Q(**{f"{start}_earliest__gte": first}),
        )

    def by_length(self, when):
        """The parts of what held on ``when`` or later, one for each class of lengths.

        Each goes along the index of lengths, and all together are what there is.
        """
        start, end = self.model.span
        first = PartialDate(when).earliest
        told = self.alias(length=LengthClass(f"{start}_earliest", f"{end}_latest"))
        return [
            told.filter(**{"length": number, f"{start}_earliest__gte": begun})
            for number, begun in earliest_starts(first)
        ]

    def as_of(self, when, certainty=Certainty.POSSIBLE):
        """What held on ``when``: possibly on some day, or definitely on every one."""
        if certainty == Certainty.POSSIBLE:
            return self.during(when)
        return self.filter(certain_on(self.model.span, when))


def certain_on(span, when):
    """Whether what lasts that long certainly held on every day of ``when``."""
    when, (start, end) = PartialDate(when), span
    return Q(
        ~marked(start),
        ~marked(end),
        **{f"{start}_latest__lte": when.earliest, f"{end}_earliest__gte": when.latest},
    )


def marked(name):
    """Whether the date is marked ``?``, ``~`` or ``%``: nothing is definite then."""
    return (
        Q(**{f"{name}__endswith": UNCERTAIN})
        | Q(**{f"{name}__endswith": APPROXIMATE})
        | Q(**{f"{name}__endswith": BOTH})
    )


class Spanned(models.Model):
    """Something with a first and a last day, in the two fields that ``span`` names."""

    span: tuple[str, str]
    other_spans: tuple[tuple[str, str], ...] = ()  # that it has besides
    lasts = (
        True  # False: it is a point, and ends when it starts unless it says otherwise
    )

    class Meta:
        abstract = True

    def stands_in_for(self, name):
        """What is a point and says no end ends when it starts."""
        return self.span[0] if name == self.span[1] and not self.lasts else None

    def holds(self, when):
        """Whether this held on that date: ``yes``, ``maybe`` or ``no``."""
        when = PartialDate(when)
        start, end = (self.bounded_text(name) for name in self.span)
        if start.earliest > when.latest or end.latest < when.earliest:
            return "no"
        sure = not (start.mark or end.mark)
        if sure and start.latest <= when.earliest and end.earliest >= when.latest:
            return "yes"
        return "maybe"


class Dated(Spanned):
    """A fact that holds from ``start`` to ``end``, as exactly as its sources say."""

    span = ("start", "end")
    start = PartialDateField(
        help_text=_(
            "From when: 2019, 2019-03, 2019-03-28, with ? or ~ if unsure; "
            "[2025-02-01..2025-02-10] for one day in a range; empty if not known."
        )
    )
    start_earliest, start_latest = bounds_of("start")
    end = PartialDateField(
        is_end=True,
        help_text=_("Until when, written the same way; .. while it still goes on."),
    )
    end_earliest, end_latest = bounds_of("end")

    class Meta:
        abstract = True
        constraints = [
            *date_constraints("start", "end"),
            span_constraint("start", "end"),
        ]
