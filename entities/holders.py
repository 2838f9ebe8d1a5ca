"""Computes who held a post on which days: where more than seats, and where nobody.

A day on which one goes and another comes is no day that both held the post. So each day
has a morning, on which those are left who end on it, and an evening, on which those are
in office who start on it. Who holds a post for a single day holds it at noon.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter

from django.db.models import BooleanField, ExpressionWrapper, F, Q

from provenance.values.contradiction import Certainty
from provenance.values.dates import marked
from provenance.values.spans import core

from .models import Appointment

A_DAY = timedelta(days=1)
MORNING, NOON, EVENING = range(3)
TIMES = 3


@dataclass(frozen=True)
class Tenure:
    """The days on which an appointment holds, certainly or possibly."""

    post: int
    post_slug: str
    seats: int
    appointment: int
    slug: str
    first: date
    last: date
    sure_start: bool
    sure_end: bool

    @property
    def instants(self):
        """The first and the last part of a day in it, counted from the first day."""
        first, last = (TIMES * day.toordinal() for day in (self.first, self.last))
        if first == last:
            return first + NOON, last + NOON
        return first + EVENING, last + MORNING


@dataclass(frozen=True)
class Overfull:
    """Days on which more held a post than it has seats: all that held it then."""

    post: int
    post_slug: str
    seats: int
    tenures: tuple[Tenure, ...]
    first: date
    last: date

    @property
    def slugs(self):
        return sorted(tenure.slug for tenure in self.tenures)


@dataclass(frozen=True)
class Vacancy:
    """Days on which nobody held a post, between one holder and the next."""

    post: int
    post_slug: str
    before: str
    after: str
    first: date
    last: date


def overfull(posts, certainty=Certainty.DEFINITE, among=None):
    """Yields the days on which more held these posts than they have seats, if any:
    certainly, or possibly.

    Only those appointed for good compete for a seat. ``among`` are the appointments
    that are looked at: all that are not withdrawn, if not given.
    """
    rows = _of(posts, among).filter(
        kind=Appointment.Kind.SUBSTANTIVE, post__seats__isnull=False
    )
    if certainty == Certainty.DEFINITE:
        # Who held it from a day or an earlier one, and to that day or a later one, may
        # have come or gone on it: no part of that day is certain but of a single day.
        is_a_day = Q(start_earliest=F("end_latest"))
        begun, ending = core(Appointment.span)
        rows = rows.annotate(begun=begun, ending=ending).filter(
            is_a_day | Q(begun__lt=F("ending")), ~marked("start"), ~marked("end")
        )
        tenures = _tenures(rows, "begun", "ending")
    else:
        tenures = _tenures(rows, "start_earliest", "end_latest")
    for _post, held in groupby(tenures, attrgetter("post")):
        yield from _crowds(list(held))


def _of(posts, among):
    if among is None:
        among = Appointment.objects.exclude(status=Appointment.Status.WITHDRAWN)
    return among.filter(post__in=posts)


def _tenures(rows, first, last):
    """The tenures in these appointments, those of one post together."""
    found = rows.annotate(
        **{
            f"{name}_is_marked": ExpressionWrapper(marked(name), BooleanField())
            for name in ("start", "end")
        }
    ).values_list(
        *("post", "post__slug", "post__seats", "pk", "slug", first, last),
        *("start_is_marked", "end_is_marked"),
    )
    for *values, start_marked, end_marked in found.order_by("post", first, "slug"):
        yield Tenure(*values, not start_marked, not end_marked)


def _crowds(tenures):
    """The times with more holders than seats, by going through all days once."""
    steps = []
    for place, tenure in enumerate(tenures):
        first, last = tenure.instants
        steps += [(first, True, place), (last + 1, False, place)]
    holding, crowd, since = {}, [], 0
    for instant, begins, place in sorted(steps):
        tenure = tenures[place]
        if not begins:
            del holding[place]
            if crowd and len(holding) <= tenure.seats:
                yield _overfull(crowd, since, instant - 1)
                crowd = []
            continue
        holding[place] = tenure
        if crowd:
            crowd.append(tenure)
        elif len(holding) > tenure.seats:
            crowd, since = list(holding.values()), instant


def _overfull(crowd, since, until):
    one = crowd[0]
    return Overfull(
        one.post,
        one.post_slug,
        one.seats,
        tuple(crowd),
        *(date.fromordinal(instant // TIMES) for instant in (since, until)),
    )


def vacancies(posts, among=None):
    """Yields the days between two holders on which certainly nobody held these posts.

    Who acts for the holder holds the post; who is only nominated does not. ``among`` is
    as for ``overfull``.
    """
    rows = _of(posts, among).exclude(kind=Appointment.Kind.NOMINEE)
    tenures = _tenures(rows, "start_earliest", "end_latest")
    for _post, held in groupby(tenures, attrgetter("post")):
        before, *later = held
        for tenure in later:
            certain = before.sure_end and tenure.sure_start
            if certain and tenure.first - before.last > A_DAY:
                yield Vacancy(
                    tenure.post,
                    tenure.post_slug,
                    before.slug,
                    tenure.slug,
                    before.last + A_DAY,
                    tenure.first - A_DAY,
                )
            before = max(before, tenure, key=attrgetter("last"))
