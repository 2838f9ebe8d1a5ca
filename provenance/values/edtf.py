"""What of EDTF is kept here, and which days its texts mean.

EDTF is the Extended Date/Time Format of ISO 8601-2:2019. Its levels 0 and 1 are kept,
but for times of day and years outside 1 to 9999, and of level 2 one day in a range:
``[2025-02-01..2025-02-10]``, ``[..2009-10]``, ``[2007..]``. An interval is the text of
two dates, a start and an end, and is taken apart where both are asked for. A season is
three whole months of the north; winter begins in December of the year that it names.
"""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

ONGOING = ".."
UNCERTAIN, APPROXIMATE, BOTH = "?", "~", "%"
SPRING, SUMMER, AUTUMN, WINTER = "21", "22", "23", "24"
BEGINS = {SPRING: 3, SUMMER: 6, AUTUMN: 9, WINTER: 12}  # in which month a season does

A_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"  # \d would let full-width digits in
UNSPECIFIED = r"[0-9]{2}(?:[0-9]X|XX)|[0-9]{4}-(?:XX(?:-XX)?|[0-9]{2}-XX)"
PROFILE = re.compile(
    rf"(?P<one>{A_DATE}|{UNSPECIFIED})(?P<mark>[?~%])?"
    rf"|\[(?!\.\.\])(?P<low>{A_DATE})?\.\.(?P<high>{A_DATE})?\]"
    r"|\.\.|"
)
# Enough of EDTF to tell "a date that is not kept here" from "no date at all".
# (Until 2019 "?~" was written for "%".)
ANY_DATE = r"-?[?~%]?[0-9X]{4}(?:[?~%]?-[?~%]?[0-9X]{2}){0,2}(?:\?~|[?~%])?"
AN_END = rf"(?:{ANY_DATE}|\.\.)?"
INTERVAL = re.compile(rf"(?!/\Z)(?P<start>{AN_END})/(?P<end>{AN_END})")
OTHER_EDTF = re.compile(
    rf"{ANY_DATE}"
    r"|Y-?[0-9]+(?:E[0-9]+)?(?:S[0-9]+)?|-?[0-9]+S[0-9]+"
    r"|[0-9]{4}(?:-[0-9]{2}){2}T[0-9:.Z+-]+"
    rf"|[\[{{](?:\.\.)?{ANY_DATE}(?:(?:,|\.\.){ANY_DATE})*(?:\.\.)?[\]}}]"
)
# Those of level 2 name a hemisphere, a quarter or a part of the year.
ANY_SEASON = re.compile(r"[0-9]{4}-(?:2[1-9]|3[0-9]|4[01])(?![0-9-])")


@lru_cache(maxsize=8192)
def meaning_of(text):
    """The earliest day, the latest day and the mark of a text in the profile.

    Raises ValidationError, with what would be right, for any other text.
    """
    match = PROFILE.fullmatch(text)
    if match is None:
        raise _refusal(text)
    if text == ONGOING:
        return date.max, date.max, ""
    if one := match["one"]:
        low, high = limits_of(one)
    else:
        low, high = match["low"], match["high"]
    try:
        earliest = _first_day(low) if low else date.min
        latest = _last_day(high) if high else date.max
    except ValueError:
        raise _no_such_day(text, low, high) from None
    if low and high and not one and (earliest > latest or low == high):
        raise _no_range(text, low, is_backwards=earliest > latest)
    return earliest, latest, match["mark"] or ""


def season_of(text):
    """The year and the season that a text names; None if it names none."""
    year, _hyphen, part = text.partition("-")
    return (year, part) if part in BEGINS else None


def interval_of(text):
    """The start and the end that an interval of EDTF is the text of, each as it would
    be recorded; None if it is no interval.

    What is left open or unknown before it begins is a start that is not known.
    """
    match = INTERVAL.fullmatch(text)
    if match is None:
        return None
    start = match["start"]
    return "" if start == ONGOING else start, match["end"]


def limits_of(one):
    """The first and the last part of one date, as a year, a month or a day."""
    if named := season_of(one):
        year, month = int(named[0]), BEGINS[named[1]]
        ends = (year, month + 2) if month < 12 else (year + 1, 2)
        ends = min(ends, (date.max.year, 12))
        return f"{year:04}-{month:02}", "{:04}-{:02}".format(*ends)
    one = one.replace("-XX", "")
    return one.replace("X", "0"), one.replace("X", "9")


def _first_day(text):
    return date.fromisoformat(text + "0001-01-01"[len(text) :])


def _last_day(text):
    if len(text) == 10:
        return date.fromisoformat(text)
    year, month = int(text[:4]), int(text[5:7] or 12)
    if not (year and 1 <= month <= 12):
        raise ValueError(text)
    return date(year, month, monthrange(year, month)[1])


# What is refused ------------------------------------------------------------


def _refusal(text):
    """Why a text is none of the profile."""
    if INTERVAL.fullmatch(text):
        message = _(
            "“%(text)s” is an interval; write its start and its end each in a field of "
            "its own, or [2024-04..2024-06] for one day in a range."
        )
        return _error(message, "interval", text)
    if OTHER_EDTF.fullmatch(text):
        return _outside(text)
    message = _(
        "“%(text)s” is not a date; write 2024, 2024-04 or 2024-04-03, with ? or ~ "
        "behind it "
        "if unsure, or [2024-04-01..2024-04-10] for one day in a range."
    )
    return _error(message, "invalid", text)


def _outside(text):
    message = _(
        "“%(text)s” is EDTF that is not supported here; write 2024, "
        "2024-04 or 2024-04-03, [2024-04..2024-06] for one day in a "
        "range, each end in a field of its own."
    )
    return _error(message, "outside_profile", text)


def _no_such_day(text, low, high):
    if "0000" in (low and low[:4], high and high[:4]):
        message = _("“%(text)s” names the year 0; years go from 0001 to 9999.")
        return _error(message, "no_such_day", text)
    if ANY_SEASON.search(text):
        return _outside(text)
    message = _("“%(text)s” is not a day in the calendar; check its month and its day.")
    return _error(message, "no_such_day", text)


def _no_range(text, one, is_backwards):
    if is_backwards:
        message = _("“%(text)s” ends before it begins; write the earlier date first.")
        return _error(message, "backwards", text)
    message = _("“%(text)s” is no range; write %(one)s.")
    return _error(message, "no_range", text, one=one)


def _error(message, code, text, **params):
    return ValidationError(message, code, {"text": text[:80], **params})
