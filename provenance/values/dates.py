"""Dates as sources give them: a year, a month, a day, a season, one day in a range.

The text is a profile of EDTF, as ``edtf`` has it: ``2009``, ``2009-03``,
``2008-09-16``, ``201X``, ``2004-XX``, ``1985-04-XX``, ``2001-21``, each with ``?``
(uncertain), ``~`` (approximate) or ``%`` (both) behind it;
``[2025-02-01..2025-02-10]`` one day in that range; ``[..2009-10]`` by then;
``[2007..]`` not before. As an end also ``..``: still going on. Empty: not known.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from . import edtf
from .bounds import Bound, BoundedTextField, BoundsConstraint
from .contradiction import Certainty
from .edtf import APPROXIMATE, BOTH, ONGOING, UNCERTAIN
from .lengths import LengthClass, earliest_starts


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
        self.earliest, self.latest, self.mark = edtf.meaning_of(str(text))
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
    """A year, a season, a month or a day in words, or one of which a part is open."""
    if named := edtf.season_of(text):
        return _season(*named)
    if text.endswith("-XX"):
        whole = text.replace("-XX", "")
        form = _("a month of %s") if text.count("-") == 1 else _("a day in %s")
        return form % _unit(whole)
    if text.endswith("XX"):
        return _("a year from %(first)s to %(last)s") % {
            "first": text.replace("X", "0"),
            "last": text.replace("X", "9"),
        }
    if text.endswith("X"):
        return _("the %ss") % text.replace("X", "0")
    if len(text) == 4:
        return text
    if len(text) == 7:
        return _("%(month)s %(year)s") % {
            "month": MONTHS[int(text[5:])],
            "year": text[:4],
        }
    return _day(date.fromisoformat(text))


def _season(year, season):
    words = {
        edtf.SPRING: _("spring %s"),
        edtf.SUMMER: _("summer %s"),
        edtf.AUTUMN: _("autumn %s"),
        edtf.WINTER: _("winter %s"),
    }
    goes_over = season == edtf.WINTER
    return words[season] % (f"{year}–{int(year) + 1}" if goes_over else year)


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


def spans_of(model):
    """The pairs of dates of a model, each the names of a start and of its end."""
    if not issubclass(model, Spanned):
        return ()
    return (model.span, *model.other_spans)


def days_between(start, end):
    """The four days that bound what lasts from one date to another: it begins between
    the first two, and ends between the last two.

    It ends on no day before it begins, so each date narrows the other: what lasted from
    ``2006`` to ``2006-08-09`` had begun by 9 August.
    """
    return (
        start.earliest,
        min(start.latest, end.latest),
        max(end.earliest, start.earliest),
        end.latest,
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
        return self.filter(certainly(self.model.span, begun_by=last, on_from=first))

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
    when = PartialDate(when)
    return certainly(span, begun_by=when.earliest, on_from=when.latest)


def certainly(span, begun_by, on_from):
    """Whether what lasts that long had certainly begun by the one day, and certainly
    had not ended before the other.

    Each date of a span rules out days of the other: see ``days_between``.
    """
    start, end = span
    return Q(
        ~marked(start),
        ~marked(end),
        Q(**{f"{start}_latest__lte": begun_by}) | Q(**{f"{end}_latest__lte": begun_by}),
        Q(**{f"{end}_earliest__gte": on_from})
        | Q(**{f"{start}_earliest__gte": on_from}),
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

    @property
    def days(self):
        """The four days that bound how long it lasted."""
        return days_between(*(self.bounded_text(name) for name in self.span))

    @property
    def has_sure_dates(self):
        """Whether neither its start nor its end is marked as unsure."""
        return not any(self.bounded_text(name).mark for name in self.span)

    def holds(self, when):
        """Whether this held on that date: ``yes``, ``maybe`` or ``no``."""
        when = PartialDate(when)
        begins, begun, ending, ended = self.days
        if begins > when.latest or ended < when.earliest:
            return "no"
        if self.has_sure_dates and begun <= when.earliest and ending >= when.latest:
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
