"""Converts cells of a foreign file by the rules of a mapping, or refuses them."""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ...models.record import slugged
from ...tables import UPLOAD, Typed
from ...values.dates import PartialDate
from ...values.edtf import interval_of
from ...values.humanize import FIELDS, offered
from ...values.prose import is_one
from ...values.readings import intervals_of
from ...values.stated_values import join_list
from ...values.suggestions import ENOUGH, close_to

ORDERS = ("ymd", "dmy", "mdy")
DAYS = FIRST, LAST = ("first", "last")
# How exact a date is, in words and as Wikidata numbers it: how much of it is kept.
PRECISIONS = {"year": 4, "month": 7, "day": 10, "9": 4, "10": 7, "11": 10}
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
MIDNIGHT = re.compile(
    r"(?<=\d)[T ]00:00(?::00(?:\.0+)?)?Z?\Z"
)  # says no more than a day
PARTS = re.compile(r"[0-9]{1,4}(?:([-/. ])[0-9]{1,4}(?:\1[0-9]{1,4})?)?")


A_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

slug_of = lru_cache(maxsize=4096)(slugged)  # of a few texts, over and over


def as_slug(text):
    """A text as the slug that would be made of it; what is a slug already stays so."""
    return text if A_SLUG.fullmatch(text) else slug_of(text) or text


class Unread(Exception):
    """A cell of a foreign row of which has been told that it cannot be read."""


class PartlyRead(dict):
    """A foreign row in which a cell that cannot be read is None; Unread if asked."""

    def __getitem__(self, column):
        if (cell := super().__getitem__(column)) is None:
            raise Unread
        return cell


class CellError(ValueError):
    """A cell that a rule cannot turn into one of ours, and why."""

    @property
    def in_brief(self):
        """The same without what takes long to find out."""
        return str(self)


class Unmapped(CellError):
    """A text that a map lacks; what is like it is only sought once that is told."""

    def __str__(self):
        text, words = self.args
        return self._said(close_to(text, list(words)[:ENOUGH]))

    @property
    def in_brief(self):
        return self._said()

    def _said(self, close=""):
        return _("the value map has no entry for “%(text)s”%(close)s") % {
            "text": self.args[0][:80],
            "close": close or ".",
        }


def within(length):
    """Refuses a cell that would be too long, before it is made."""
    if length > UPLOAD.cell:
        message = _(
            "with the mapping this cell is longer than %d KiB; leave something out."
        )
        raise CellError(message % (UPLOAD.cell >> 10))


@dataclass(frozen=True)
class Rule:
    """How one of our cells is fed: by a constant, a column, columns, or a section."""

    constant: str | None = None
    column: str = ""
    template: str = ""
    of: str = ""  # the section whose record is meant
    map: dict[str, str] = field(default_factory=dict)
    strict: bool = False  # whether what the map lacks is refused
    split: str = ""  # what stands between the items of a list
    dates: str = ""
    precision: str = ""  # the column that says how exact the date is
    day: str = ""  # which day of the month or the year that it is, if one is meant
    thousands: str = ""
    decimal: str = ""
    by: str = ""  # what the related record is found by, if not by its slug
    scheme: str = ""
    prose: str = ""  # the kind of value that is read as people write it, if so
    end: int | None = None  # which date of an interval, where both are fed alike
    stated: bool = True  # whether it is the source that says so

    @property
    def reads(self):
        """The foreign columns that it reads."""
        columns = (self.column, *PLACEHOLDER.findall(self.template), self.precision)
        return tuple(dict.fromkeys(column for column in columns if column))

    @property
    def feed(self):
        """What the text that it turns is made of."""
        return self.column, self.template

    @property
    def is_ours(self):
        """Whether we say it, and the source does not."""
        return self.constant is not None or not self.stated

    def text(self, row):
        """What the foreign row says, in our words; CellError if it cannot be told."""
        if self.constant is not None:
            return self.constant
        text = self._read(row)
        if self.split:
            return self._list(text, row)
        return self._turned(text, row)

    def _list(self, text, row):
        items, length = [], 0
        for item in map(str.strip, text.split(self.split)):
            if item:
                items.append(self._turned(item, row))
                length += len(items[-1])
                within(length)
        return join_list(items)

    def _read(self, row):
        if not self.template:
            return row[self.column]
        parts = PLACEHOLDER.findall(self.template)
        if not any(row[part] for part in parts):
            return ""
        within(len(self.template) + sum(len(row[part]) for part in parts))
        return PLACEHOLDER.sub(lambda match: row[match[1]], self.template)

    def _turned(self, text, row):
        """A foreign text as the map has it, or as its date or its number says."""
        mapped = looked_up(self.map, text)
        if mapped is not None:
            return mapped
        if self.strict:
            raise Unmapped(text, self.map)
        if self.end is not None:
            text = end_of(text, self.end, bool(self.prose))
        if not text:
            return ""
        if self.prose:
            return as_meant(text, self.prose)
        is_text = not isinstance(text, Typed)
        if self.dates and is_text:
            text = in_order(text, self.dates)
        if self.precision:
            text = cut(text, row[self.precision])
        if self.day:
            text = edge(text, self.day)
        if (self.thousands or self.decimal) and is_text:
            text = plain_number(text, self.thousands, self.decimal)
        return text


def looked_up(words, text):
    """What a map makes of a text: its own entry, or the first pattern that fits.

    The ``*`` of a pattern stands for any text, and the ``*`` of what it becomes for
    that same text. None if nothing fits.
    """
    if text in words:
        return words[text]
    for pattern, becomes in words.items():
        if "*" in pattern:
            before, _star, after = pattern.partition("*")
            long_enough = len(text) >= len(before) + len(after)
            if long_enough and text.startswith(before) and text.endswith(after):
                middle = text[len(before) : len(text) - len(after)]
                within(len(becomes) + becomes.count("*") * len(middle))
                return becomes.replace("*", middle)
    return None


@lru_cache(maxsize=4096)
def end_of(text, place, is_prose):
    """The start or the end of a text that is an interval; of any other the text.

    In prose two dates are such a text as well; CellError if they may be several.
    """
    if is_prose and not is_one(PartialDate, text):
        found = intervals_of(text)
    else:
        found = [ends] if (ends := interval_of(text)) else []
    if len(found) > 1:
        raise _ambiguous(text, ["/".join(ends) for ends in found])
    return found[0][place] if found else text


@lru_cache(maxsize=4096)
def as_meant(text, kind):
    """A value as people write it in the form that we write; CellError if it may be two.

    What is in our form already is taken as it is.
    """
    try:
        return str(FIELDS[kind].clean(text, None))
    except ValidationError:
        offers = [offer for offer in offered(kind, text) if "beside" not in offer]
        readings = [offer["text"] for offer in offers]
    if len(readings) == 1:
        return readings[0]
    if not readings:
        message = _(
            "“%s” cannot be read; write it as recorded, or add it to the value map."
        )
        raise CellError(message % text[:80])
    raise _ambiguous(text, readings)


def _ambiguous(text, readings):
    return CellError(
        _("“%(text)s” can be read as %(readings)s; add what it means to the value map.")
        % {"text": text[:80], "readings": _(" or ").join(readings)}
    )


@lru_cache(maxsize=4096)
def in_order(text, order):
    """A date whose parts stand in this order, as we write it."""
    text = MIDNIGHT.sub("", text)
    try:
        return str(PartialDate(text))  # in our own form it means one thing only
    except ValidationError:
        pass
    if not (match := PARTS.fullmatch(text)):
        raise _no_date(text, order)
    numbers = text.split(match[1]) if match[1] else [text]
    named = dict(zip(_letters(order, len(numbers)), numbers, strict=True))
    if len(named["y"]) != 4 or any(len(named.get(part, "")) > 2 for part in "md"):
        raise _no_date(text, order)
    try:
        return date(
            int(named["y"]), int(named.get("m", 1)), int(named.get("d", 1))
        ).isoformat()[: {1: 4, 2: 7, 3: 10}[len(numbers)]]
    except ValueError:
        raise CellError(
            _("“%(text)s”, read as %(order)s, is not a day in the calendar.")
            % {"text": text[:80], "order": _in_words(order)}
        ) from None


def _letters(order, count):
    """The order of the parts that a date has: a month without a day, or a year."""
    return [part for part in order if part in "ymd"[:count]]


def _in_words(order):
    names = {"y": _("year"), "m": _("month"), "d": _("day")}
    return ", ".join(names[part] for part in order)


def _no_date(text, order):
    return CellError(
        _(
            "“%(text)s” is not a date written as %(order)s, with four "
            "digits for the year; correct it, or add it to the value map."
        )
        % {"text": text[:80], "order": _in_words(order)}
    )


def cut(text, precision):
    """A date no more exact than its precision; CellError if it is less."""
    length = PRECISIONS.get(precision)
    if length is None:
        raise CellError(
            _("“%(text)s” has the precision “%(word)s”, which is none of: %(known)s.")
            % {
                "text": text[:80],
                "word": precision[:80],
                "known": ", ".join(PRECISIONS),
            }
        )
    if not re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}){0,2}", text):
        raise CellError(
            _("“%s” cannot be cut to its precision; say in “dates” how it is written.")
            % text[:80]
        )
    if len(text) < length:
        raise CellError(
            _("“%(text)s” is less exact than its precision, “%(word)s”.")
            % {"text": text, "word": precision}
        )
    return text[:length]


@lru_cache(maxsize=4096)
def edge(text, day):
    """The first or the last day of a date; CellError if it is no one span of days."""
    try:
        whole = PartialDate(text)
    except ValidationError:
        return text  # the import says it
    if whole.mark or not whole[:1].isdigit() or "X" in whole:
        message = _(
            "“%s” has no first and no last day; correct it, or leave out “day”."
        )
        raise CellError(message % text[:80])
    return (whole.earliest if day == FIRST else whole.latest).isoformat()


def plain_number(text, thousands, decimal):
    """A number with a point for decimals and nothing between thousands."""
    mark, point = re.escape(thousands), re.escape(decimal or ".")
    whole = rf"[0-9]{{1,3}}(?:{mark}[0-9]{{3}})+|[0-9]+" if thousands else "[0-9]+"
    if not re.fullmatch(rf"-?(?:{whole})(?:{point}[0-9]+)?", text):
        raise CellError(
            _("“%(text)s” is no number with %(marks)s.")
            % {
                "text": text[:80],
                "marks": _(
                    "the thousands separator “%(mark)s” and the decimal separator "
                    "“%(point)s”"
                )
                % {"mark": thousands, "point": decimal or "."}
                if thousands
                else _("the decimal separator “%s”") % decimal,
            }
        )
    if thousands:
        text = text.replace(thousands, "")
    return text.replace(decimal, ".") if decimal else text
