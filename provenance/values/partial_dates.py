"""Dates as sources give them: a year, a month, a day, a season, one day in a range.

The text is a profile of EDTF, as ``edtf`` has it: ``2009``, ``2009-03``,
``2008-09-16``, ``201X``, ``2004-XX``, ``1985-04-XX``, ``2001-21``, each with ``?``
(uncertain), ``~`` (approximate) or ``%`` (both) behind it;
``[2025-02-01..2025-02-10]`` one day in that range; ``[..2009-10]`` by then;
``[2007..]`` not before. As an end also ``..``: still going on. Empty: not known.
"""

from datetime import date

from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from . import edtf
from .edtf import APPROXIMATE, BOTH, ONGOING, UNCERTAIN


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
