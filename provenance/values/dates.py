"""Columns of partial dates, and of what lasts from one to another.

What a date can mean bounds what may have been, and what certainly was: ``PartialDate``
says how a date is written.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from . import grounds
from .attestation import attestations_of, attested_from, over_before
from .bounds import Bound, BoundedTextField, BoundsConstraint
from .contradiction import Certainty
from .edtf import APPROXIMATE, BOTH, UNCERTAIN
from .grounds import borne_out
from .lengths import LengthClass, earliest_starts
from .partial_dates import PartialDate


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
        possibly, likely or definitely.
        """
        first = PartialDate(when).earliest
        last = PartialDate(when if until is None else until).latest
        if certainty == Certainty.POSSIBLE:
            return self._possibly(begun_by=last, on_from=first)
        return self.filter(held_for(self.model, last, first, certainty))

    def _possibly(self, begun_by, on_from):
        start, end = self.model.span
        found = self.filter(
            **{f"{start}_earliest__lte": begun_by, f"{end}_latest__gte": on_from}
        )
        if attestations_of(self.model) is None:
            return found
        # What ended on a day that is known needs no look at what was attested.
        has_ended = Q(**{f"{end}_latest__lt": date.max})
        return found.filter(has_ended | ~over_before(self.model, on_from))

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
        """What held on ``when``: possibly on some day, or, as is likely or definite, on
        every one.
        """
        if certainty == Certainty.POSSIBLE:
            return self.during(when)
        when = PartialDate(when)
        return self.filter(held_for(self.model, when.earliest, when.latest, certainty))


def held_for(model, begun_by, on_from, certainty):
    """A condition: it had begun by the one day, and had not ended before the other, as
    is likely or definite.

    What is likely may have dates that are marked as unsure or that no source states,
    and went on as far as it is attested. Each date of a span rules out days of the
    other: see ``days_between``.
    """
    start, end = model.span
    going_on = _going_on(model.span, on_from)
    if certainty == Certainty.LIKELY:
        is_sure, going_on = Q(), going_on | model.attested_from(on_from)
    else:
        is_sure = ~marked(start) & ~marked(end) & borne_out(model, begun_by, on_from)
    return is_sure & _begun(model.span, begun_by) & going_on


def ruled_out(model, begun_by, on_from):
    """A condition: by its dates it had not begun by the one day, or had ended before
    the other.
    """
    start, end = model.span
    not_begun = Q(**{f"{start}_earliest__gt": begun_by})
    return not_begun | Q(**{f"{end}_latest__lt": on_from}) | over_before(model, on_from)


# What is answered of a date, the surest first, and where it is neither of these.
HOLDS = {Certainty.DEFINITE: "yes", Certainty.LIKELY: "likely"}
POSSIBLY, NOT = "maybe", "no"


def _begun(span, day):
    start, end = span
    return Q(**{f"{start}_latest__lte": day}) | Q(**{f"{end}_latest__lte": day})


def _going_on(span, day):
    start, end = span
    return Q(**{f"{end}_earliest__gte": day}) | Q(**{f"{start}_earliest__gte": day})


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
    stages: tuple[str, ...] = ()  # the dates of what else becomes of it
    lasts = (
        True  # False: it is a point, and ends when it starts unless it says otherwise
    )

    # A condition: it is of a kind that does not go on, as an exercise, so that it was
    # over when it was last attested. None if it never is.
    over_by_nature: Q | None = None

    class Meta:
        abstract = True

    def stands_in_for(self, name):
        """What is a point and says no end ends when it starts."""
        return self.span[0] if name == self.span[1] and not self.lasts else None

    @classmethod
    def open_ended(cls, path=""):
        """A condition: it lasts, and its end is open; ``path`` leads to it."""
        end = f"{path}__{cls.span[1]}" if path else cls.span[1]
        # What still goes on has an end of which the first day is the last as well.
        return Q(**{f"{end}_latest": date.max, f"{end}_earliest__lt": date.max})

    @classmethod
    def that_last(cls):
        """The kinds of it that last: itself, if it has none."""
        return (cls,)

    @property
    def is_open_ended(self):
        """Whether it lasts, and its end is open."""
        end = self.bounded_text(self.span[1])
        return self.lasts and end.latest == date.max and not end.is_ongoing

    @property
    def last_attested(self):
        """What was last attested of it when, if its end is open; else None."""
        return getattr(self, "attestation", None) if self.is_open_ended else None

    @classmethod
    def look_up_attested(cls, records):
        """Fetches at once what was last attested of these, all of one kind."""
        open_ended = [one for one in records if one.pk and one.is_open_ended]
        if open_ended and attestations_of(cls):
            prefetch_related_objects(open_ended, "attestation")

    @classmethod
    def attested_from(cls, day):
        """A condition: a source attests it on this day, or on a later one."""
        return attested_from(cls, day)

    @property
    def bounds(self):
        """The four days that bound how long it lasted, as far as its dates say."""
        return days_between(*(self.bounded_text(name) for name in self.span))

    @property
    def days(self):
        """The same, of what is over by nature no longer than it was attested."""
        *others, ended = self.bounds
        if ended == date.max and (last := self.last_attested) and last.is_over:
            ended = last.until
        return *others, ended

    @property
    def has_sure_dates(self):
        """Whether neither its start nor its end is marked as unsure."""
        return not any(self.bounded_text(name).mark for name in self.span)

    def holds(self, when):
        """Whether this held on that date: ``yes``, ``likely``, ``maybe`` or ``no``."""
        when = PartialDate(when)
        if self.rules_out(when.latest, when.earliest):
            return NOT
        return HOLDS.get(self.sureness(when.earliest, when.latest), POSSIBLY)

    def rules_out(self, begun_by, on_from):
        """Whether it had not begun by the one day, or had ended before the other."""
        begins, _begun, _ending, ended = self.days
        return begins > begun_by or ended < on_from

    def sureness(self, begun_by, on_from):
        """How sure it is that it had begun by the one day, and had not ended before the
        other: as ``held_for`` has it.
        """
        _begins, begun, ending, _ended = self.days
        if begun > begun_by:
            return Certainty.POSSIBLE
        if ending >= on_from and self.has_sure_dates:
            if self._is_borne_out(begun_by, on_from):
                return Certainty.DEFINITE
            return Certainty.LIKELY
        last = self.last_attested
        until = max(ending, last.until) if last else ending
        return Certainty.LIKELY if until >= on_from else Certainty.POSSIBLE

    def _is_borne_out(self, begun_by, on_from):
        """The same of this one as ``borne_out`` asks of many."""
        start, end = self.span
        first, last = (self.bounded_text(name) for name in self.span)
        starts = self.rests_on_sources(start)
        ends = self.rests_on_sources(end) if getattr(self, end) else starts
        began = starts or self.known_grounds.spoken_of <= begun_by
        begun = (first.latest <= begun_by and began) or (
            last.latest <= begun_by and ends
        )
        going_on = (last.earliest >= on_from and ends) or (
            first.earliest >= on_from and starts
        )
        return begun and going_on

    @property
    def known_grounds(self):
        """What sources say of its dates; see ``look_up_grounds``."""
        if not hasattr(self, "grounds"):
            self.look_up_grounds([self])
        return self.grounds

    @classmethod
    def look_up_grounds(cls, records):
        """Fetches at once what sources say of the dates of these, all of one kind."""
        grounds.look_up(cls, records)

    def rests_on_sources(self, name):
        """Whether the date of this name is no general knowledge."""
        return self.known_grounds.bear(self, name)

    @property
    def general_knowledge(self):
        """Those of the names of its two dates that say what no source says."""
        return [
            name
            for name in self.span
            if getattr(self, name) and not self.rests_on_sources(name)
        ]


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
