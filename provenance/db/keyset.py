"""Pages by the place of their rows: never an OFFSET, never a COUNT.

A place is the values of a row in the columns that the rows are ordered by, of which the
last is unique and none is ever NULL. The next page is what lies beyond the last row's
place, so a deep page costs what the first one costs. Several tables can follow one
another as stretches of one list.
"""

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import models
from django.db.models import Q

MAX_CURSOR = 1000
CURSOR_TEXT = re.compile(r"[A-Za-z0-9_-]+")
LARGEST_KEY = 2**63 - 1


class NoSuchPlace(ValueError):
    """A cursor that no page has handed out."""


class Along(models.QuerySet):
    """Rows that may be read along an index of another table, in its order.

    There stand some of their columns as well, and each of them once.
    """

    along: dict[str, str] = {}  # names of columns, and where the same stands there

    def going_along(self, **columns):
        """The same rows: by these columns there they are ordered and filtered, instead
        of their own of that name. What they lead to is joined already.
        """
        rows = self.all()
        rows.along = columns
        return rows

    def order_by(self, *names):
        return super().order_by(*(_along(self, name) for name in names))

    def filter(self, *conditions, **values):
        values = {_along(self, name): value for name, value in values.items()}
        return super().filter(*conditions, **values)

    def _clone(self):
        clone = super()._clone()
        clone.along = self.along
        # Each filter by such a column means the same row there: no other is joined.
        joined = {path.partition("__")[0] for path in self.along.values()}
        clone.query.used_aliases |= joined & clone.query.alias_map.keys()
        return clone


def _along(rows, name):
    """The name of a column, where it stands in the index that rows are read along."""
    along = getattr(rows, "along", None)
    if not along or not isinstance(name, str):
        return name
    column, *how = name.removeprefix("-").split("__", 1)
    column = "__".join([along.get(column, column), *how])
    return f"-{column}" if name.startswith("-") else column


@dataclass(frozen=True)
class Keyset:
    """An order of rows: by a column and a unique one behind it, or by a unique one."""

    columns: tuple[str, ...]
    descending: bool = False

    def order(self, backwards=False):
        """The names of the columns to order by."""
        minus = "-" if self.descending != backwards else ""
        return tuple(minus + column for column in self.columns)

    def ordered(self, rows, backwards=False):
        """The rows in this order."""
        return rows.order_by(*self.order(backwards))

    def beyond(self, rows, place, backwards=False):
        """The rows that come after a place."""
        side = "lt" if self.descending != backwards else "gt"
        columns = [_along(rows, column) for column in self.columns]
        if len(columns) == 1:
            return rows.filter(**{f"{columns[0]}__{side}": place[0]})
        # Not "a > x OR (a = x AND b > y)": only this form walks an index on SQLite.
        (first, last), (value, tie) = columns, place
        further = Q(**{f"{first}__{side}": value}) | Q(**{f"{last}__{side}": tie})
        return rows.filter(further, **{f"{first}__{side}e": value})

    def place_of(self, row):
        """Where this row stands."""
        return [getattr(row, column) for column in self.columns]

    def read_place(self, model, texts):
        """The place that a cursor names; NoSuchPlace if it cannot be one."""
        if len(texts) != len(self.columns):
            raise NoSuchPlace
        return [
            _column_value(model._meta.get_field(column), text)
            for column, text in zip(self.columns, texts, strict=True)
        ]


def _column_value(field, text):
    if isinstance(field, models.IntegerField):
        if type(text) is not int or abs(text) > LARGEST_KEY:
            raise NoSuchPlace
        return text
    if not isinstance(text, str) or "\x00" in text or len(text) > MAX_CURSOR:
        raise NoSuchPlace
    try:
        text.encode()  # half a character is no text for the database
        if isinstance(field, models.DateTimeField):
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise NoSuchPlace
            return moment.astimezone(UTC)
        if isinstance(field, models.DateField):
            return date.fromisoformat(text)
    except (ValueError, OverflowError):
        raise NoSuchPlace from None
    return text


@dataclass(frozen=True)
class Stretch:
    """The rows of one table, as a part of a list.

    ``parts`` are the same rows as several queries, each of which goes along an index
    in the order of the list; then a database goes along them side by side.
    """

    name: str
    rows: models.QuerySet
    keyset: Keyset
    parts: tuple[models.QuerySet, ...] = ()

    def first(self, number, place=None, backwards=False):
        """So many of the rows, the first ones of all or of those beyond a place."""
        parts = self.parts or (self.rows,)
        if place is not None:
            parts = [self.keyset.beyond(part, place, backwards) for part in parts]
        rows, *others = [part.order_by() for part in parts]
        if others:
            rows = rows.union(*others, all=True)
        return self.keyset.ordered(rows, backwards)[:number]


@dataclass(frozen=True)
class Cursor:
    """Where a page begins, and in which direction it goes."""

    backwards: bool
    order: str  # a cursor of one order means nothing in another
    stretch: str
    place: list

    def __str__(self):
        parts = [int(self.backwards), self.order, self.stretch, *self.place]
        text = json.dumps(parts, default=_iso, ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text, order, stretches):
        """The cursor that a text stands for; NoSuchPlace if it was never handed out."""
        if len(text) > MAX_CURSOR or not CURSOR_TEXT.fullmatch(text):
            raise NoSuchPlace
        try:
            parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        except (ValueError, RecursionError):
            raise NoSuchPlace from None
        match parts:
            case [0 | 1 as backwards, str(given), str(name), *place] if given == order:
                for stretch in stretches:
                    if stretch.name == name:
                        place = stretch.keyset.read_place(stretch.rows.model, place)
                        return cls(bool(backwards), order, name, place)
        raise NoSuchPlace


def _iso(value):
    if isinstance(value, date):  # a datetime is one, too
        return value.isoformat()
    raise TypeError(type(value))


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the cursors of the pages around them."""

    rows: list
    next: Cursor | None
    previous: Cursor | None


def page_of(stretches, limit, cursor=None, order=""):
    """The page that a cursor names, or the first one.

    One query for each stretch, at most: one behind what fills the page is not asked.
    """
    backwards = cursor is not None and cursor.backwards
    found, reached = [], cursor is None
    for stretch in reversed(stretches) if backwards else stretches:
        place = None
        if not reached:
            if stretch.name != cursor.stretch:
                continue
            reached, place = True, cursor.place
        wanted = limit + 1 - len(found)  # one more, to know whether there is more
        rows = stretch.first(wanted, place, backwards)
        found += [(stretch, row) for row in rows]
        if len(found) > limit:
            break
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()

    def edge(end, backwards):
        stretch, row = found[end]
        return Cursor(backwards, order, stretch.name, stretch.keyset.place_of(row))

    after = found and (backwards or more)
    before = found and (more if backwards else cursor is not None)
    return Page(
        rows=[row for _stretch, row in found],
        next=edge(-1, False) if after else None,
        previous=edge(0, True) if before else None,
    )


def pages_of(stretches, limit):
    """The rows of every page, from the first to the last."""
    cursor, more = None, True
    while more:
        page = page_of(stretches, limit, cursor)
        yield page.rows
        cursor = more = page.next
