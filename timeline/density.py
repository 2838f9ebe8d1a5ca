"""How thick the record is in time: how many events began when, by pieces of time."""

from bisect import bisect_right
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from django.db import connection
from django.db.models import DateField, Expression
from django.utils.dates import MONTHS
from django.utils.text import capfirst

from provenance.resources.export_queries import compiled
from provenance.values.partial_dates import PartialDate
from provenance.web.time_scale import TimeScale

FEW = 10_000  # events: of more it is counted along an index
BARS = 48
YEARS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)
MONTHS_OF = 60  # years: of longer stretches no single months are told apart


@dataclass(frozen=True)
class Piece:
    """Days that follow one another: a year, a month, a day, or several of these."""

    first: date
    last: date

    @property
    def label(self):
        first, last = self.first, self.last
        if first == last:
            return PartialDate(first.isoformat()).readable
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            is_one = first.year == last.year
            return str(first.year) if is_one else f"{first.year}–{last.year}"
        if first.month == last.month and first.day == 1 and _is_last_of_month(last):
            return f"{capfirst(str(MONTHS[first.month]))} {first.year}"
        return PartialDate(f"[{first}..{last}]").readable


def _is_last_of_month(day):
    return day == date.max or (day + timedelta(days=1)).day == 1


@dataclass(frozen=True)
class Bar(Piece):
    """How many events began in a piece of time."""

    number: int
    height: int  # in percent of the highest


def density(events, by_index=False):
    """How thick the record is: events by the year in which they can have begun first.

    Without those of which no such day is known; as many years to a bar as make few.
    Many events are only counted where that goes along one index; else there is no bar.
    """
    starts = _starts_of(events)
    days = _few(starts)
    if days is None and by_index:
        days = _first_and_last(starts)
    if not days:
        return []
    return _bars(events, _years_around(min(days).year, max(days).year), by_index)


def density_within(events, first, last, by_index=False):
    """How thick the record is in a stretch of it, by pieces that make few bars."""
    return _bars(events, pieces_of(first, last), by_index)


def scale_of(events, bars):
    """The scale on which busy months of these events have more room than quiet ones.

    Of many events, and of a long time, it is by the bars of their density; even, if
    these cannot be counted. None if nothing is known of when they began.
    """
    if not bars:
        ends = _first_and_last(_starts_of(events))
        years = _years_around(*(day.year for day in ends)) if ends else []
        return TimeScale.even(years[0].first, years[-1].last) if years else None
    first, last = bars[0].first, bars[-1].last
    spans = _few(_starts_of(events, "start_earliest", "start_latest"))
    if spans is None or last.year - first.year >= MONTHS_OF:
        return TimeScale.by_number([(b.first, b.last, b.number) for b in bars])
    months = _months_between(first, last)
    numbers = _spread_over(spans, months)
    return TimeScale.by_number(
        [(m.first, m.last, n) for m, n in zip(months, numbers, strict=True)]
    )


def pieces_of(first, last):
    """A stretch as pieces of one size, few enough for bars: days, months or years."""
    days = (last - first).days + 1
    if days <= BARS:
        every = (first + timedelta(days=number) for number in range(days))
        return [Piece(day, day) for day in every]
    if last.year - first.year < MONTHS_OF:
        months = _months_between(first, last)
        if len(months) <= BARS:
            return months
    return _years_around(first.year, last.year)


def _starts_of(events, *columns):
    dated = events.order_by().filter(start_earliest__gt=date.min)
    if columns:
        return dated.values_list(*columns)
    return dated.values_list("start_earliest", flat=True)


def _first_and_last(starts):
    """The days on which the first and the last of them began; none without any."""
    found = [starts.order_by(f"{way}start_earliest").first() for way in ("", "-")]
    return found if None not in found else []


def _few(rows):
    """The rows, if they are few; else None, and none of them is read."""
    return None if rows[FEW : FEW + 1].exists() else list(rows)


def _bars(events, pieces, by_index):
    """How many events began in each of these pieces; none if it cannot be counted."""
    stretch = (pieces[0].first, pieces[-1].last)
    days = _few(_starts_of(events).filter(start_earliest__range=stretch))
    if days is None and not by_index:
        return []
    if days is None:
        numbers = _counted(events, pieces)
    else:
        firsts = [piece.first for piece in pieces]
        began = Counter(bisect_right(firsts, day) - 1 for day in days)
        numbers = [began[place] for place in range(len(pieces))]
    highest = max(numbers) or 1
    # Rounded up: what is there is seen.
    return [
        Bar(piece.first, piece.last, number, -(-100 * number // highest))
        for piece, number in zip(pieces, numbers, strict=True)
    ]


class _End(Expression):
    """The first or the last day of a piece, in a statement that is made of no piece."""

    output_field = DateField()

    def __init__(self, name):
        super().__init__()
        self.name = name

    def as_sql(self, compiler, connection):
        return "%s", (self,)


def _counted(events, pieces):
    """How many events began in each piece, by one statement.

    To have Django put it together for each of them takes longer than to answer it.
    """
    began = {"start_earliest__range": (_End("first"), _End("last"))}
    sql, ends = compiled(events.order_by().filter(**began).values("pk"))
    counting = f"(SELECT COUNT(*) FROM ({sql}) began)"  # noqa: S608  Django compiled it
    adapted = connection.ops.adapt_datefield_value
    params = [
        adapted(getattr(piece, end.name)) if isinstance(end, _End) else end
        for piece in pieces
        for end in ends
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join([counting] * len(pieces))}", params)
        return cursor.fetchone()


def _years_around(first, last):
    """Pieces of so many round years that few hold these two years."""
    size = next(size for size in YEARS if (last - first) // size < BARS)
    return [
        Piece(date(max(year, 1), 1, 1), date(min(year + size - 1, 9999), 12, 31))
        for year in range(first // size * size, last + 1, size)
    ]


def _months_between(first, last):
    """The whole months from that of the first day to that of the last."""
    begin, end = (day.year * 12 + day.month - 1 for day in (first, last))
    months = (divmod(number, 12) for number in range(begin, end + 1))
    firsts = [date(year, month + 1, 1) for year, month in months]
    return [
        Piece(day, day.replace(day=monthrange(day.year, day.month)[1]))
        for day in firsts
    ]


def _spread_over(spans, months):
    """How many events each month has, where each is shared out to all that it can have
    begun in.
    """
    firsts = [month.first for month in months]
    change = [0.0] * (len(months) + 1)
    for earliest, latest in spans:
        one = bisect_right(firsts, earliest) - 1
        other = bisect_right(firsts, latest)
        change[one] += 1 / (other - one)
        change[other] -= 1 / (other - one)
    return [max(number, 0) for number in accumulate(change[:-1])]
