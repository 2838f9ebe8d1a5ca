"""Numbers as sources give them: exact, about, more than, from one to another.

``15000``, ``~10000`` (about: 10% either way), ``>30000``, ``>=100000``, ``<500``,
``<=500``, ``10000..15000``. Empty: not known. Always Decimal, never a float.
"""

import re
from decimal import Decimal
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .bounds import Bound, BoundedTextField, BoundsConstraint

A_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?"
PROFILE = re.compile(
    rf"(?P<sign>~|>=|<=|>|<)?(?P<one>{A_NUMBER})|(?P<from>{A_NUMBER})\.\.(?P<to>{A_NUMBER})|"
)
# What SQLite compares exactly: it keeps decimals as floats of 15 significant digits.
MAX_DIGITS, MAX_DECIMALS = 15, 4
LOWEST, HIGHEST = Decimal(-(10**MAX_DIGITS) + 1), Decimal(10**MAX_DIGITS - 1)
ABOUT = Decimal("0.1")


def _too_long(text):
    return ValidationError(
        _(
            "“%(text)s” has too many digits; at most %(digits)d, %(decimals)d behind "
            "the point."
        ),
        code="too_long",
        params={"text": text[:80], "digits": MAX_DIGITS, "decimals": MAX_DECIMALS},
    )


def _number(text):
    """The Decimal of a number in its one form; ValidationError for any other form."""
    digits = text.lstrip("-")
    whole, _point, decimals = digits.partition(".")
    if len(decimals) > MAX_DECIMALS or len(whole + decimals) > MAX_DIGITS:
        raise _too_long(text)
    number, sign = Decimal(text), text[: -len(digits)]
    if decimals.endswith("0") or (sign and not number):
        one = f"{number.normalize() + 0:f}"
        other = sign + whole + decimals
        raise ValidationError(
            _("“%(text)s” can be read in two ways; write %(one)s or %(other)s.")
            if decimals and whole != "0"
            else _("“%(text)s” is written in one form only; write %(one)s."),
            code="ambiguous",
            params={"text": text, "one": one, "other": other},
        )
    return number


@lru_cache(maxsize=8192)
def _parse(text):
    """The low and the high end, and whether each end itself is out."""
    if (
        text.isdecimal()
        and text.isascii()
        and text[0] != "0"
        and len(text) < MAX_DIGITS
    ):
        return Decimal(text), Decimal(text), False, False  # most are as plain as that
    match = PROFILE.fullmatch(text)
    if match is None:
        raise ValidationError(
            _(
                "“%(text)s” is not a quantity; write digits with a point for decimals "
                "and nothing "
                "between thousands: 15000, ~10000, >30000, >=30000, <500 or "
                "10000..15000."
            ),
            code="invalid",
            params={"text": text[:80]},
        )
    if match["from"]:
        return *_range(text, match["from"], match["to"]), False, False
    if not match["one"]:
        return LOWEST, HIGHEST, False, False
    sign, number = match["sign"] or "", _number(match["one"])
    low = high = number
    if sign == "~":
        low, high = number - abs(number) * ABOUT, number + abs(number) * ABOUT
        if low < LOWEST or high > HIGHEST:
            raise _too_long(text)
    elif sign.startswith(">"):
        high = HIGHEST
    elif sign.startswith("<"):
        low = LOWEST
    return low, high, sign == ">", sign == "<"


def _range(text, first, last):
    """The ends of ``10..15``."""
    low, high = _number(first), _number(last)
    if low < high:
        return low, high
    raise ValidationError(
        _("“%(text)s” ends below its beginning; write the smaller number first.")
        if low > high
        else _("“%(text)s” is no range; write %(one)s."),
        code="backwards" if low > high else "no_range",
        params={"text": text, "one": first},
    )


class Quantity(str):
    """A number as its source gives it: ``15000``, ``~10000``, ``>30``, ``10..15``.

    ``low`` and ``high`` are the smallest and the largest Decimal that it can mean
    (``LOWEST`` and ``HIGHEST`` where it says nothing); ``>`` and ``<`` leave the named
    number itself out. Raises ValidationError, with what would be right, for any other
    text.
    """

    __slots__ = ("above_low", "below_high", "high", "low")
    # Two numbers of 15 digits with sign and point, and the two dots between them.
    MAX_LENGTH = 2 * (MAX_DIGITS + 3) + 2

    def __new__(cls, text=""):
        if type(text) is cls:
            return text
        self = super().__new__(cls, text)
        self.low, self.high, self.above_low, self.below_high = _parse(str(text))
        return self

    def __getnewargs__(self):
        return (str(self),)

    def is_apart_from(self, other):
        """Whether no number can be meant by both."""
        return self._ends_before(other) or other._ends_before(self)

    def _ends_before(self, other):
        touching = self.high == other.low and (self.below_high or other.above_low)
        return self.high < other.low or touching

    @property
    def in_words(self):
        """What the text means, in a phrase: “about 10,000: from 9,000 to 11,000”."""
        if not self:
            return str(_("not known"))
        low, high = plain(self.low), plain(self.high)
        if self.startswith("~"):
            about = plain(Decimal(self[1:]))
            return _("about %(about)s: from %(low)s to %(high)s") % {
                "about": about,
                "low": low,
                "high": high,
            }
        if self.startswith(">"):
            return (_("more than %s") if self.above_low else _("at least %s")) % low
        if self.startswith("<"):
            return (_("less than %s") if self.below_high else _("at most %s")) % high
        if low != high:
            return _("from %(low)s to %(high)s") % {"low": low, "high": high}
        return _("exactly %s") % low

    @property
    def readable(self):
        """As readers write it, no more exact than it is: “about 10,000”, “15,000”."""
        if self.startswith("~"):
            return _("about %s") % plain(Decimal(self[1:]))
        return self.in_words if not self or self[0] in "<>" else self._ends_in_words

    @property
    def _ends_in_words(self):
        low, high = plain(self.low), plain(self.high)
        return low if low == high else f"{low}–{high}"


def plain(number):
    """A Decimal as people read it: ``10,000``, ``2.5``."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class QuantityField(BoundedTextField):
    """A column of quantities."""

    value_class = Quantity


class QuantityBoundField(Bound, models.DecimalField):
    """The smallest or the largest number that a quantity can mean."""

    def __init__(self, of, edge, **kwargs):
        super().__init__(
            of, edge, **{"max_digits": MAX_DIGITS + 6, "decimal_places": 6, **kwargs}
        )


def bounds_of(name):
    """The two columns that belong beside the quantity of this name."""
    return (
        QuantityBoundField(
            name, "low", help_text=f"The smallest number {name} can mean."
        ),
        QuantityBoundField(
            name, "high", help_text=f"The largest number {name} can mean."
        ),
    )


def quantity_constraint(name):
    """A CHECK that the bounds of this quantity are in order."""
    return BoundsConstraint(
        condition=Q(**{f"{name}_low__lte": F(f"{name}_high")}),
        name=f"%(app_label)s_%(class)s_{name}_bounds",
        violation_error_message=_(
            "The smallest number it can mean is above the largest."
        ),
    )
