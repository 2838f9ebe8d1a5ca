"""Compares two statements of the same value: agree, compatible or contradict.

They *agree* when equal, are *compatible* when both can be true ("2025-02" and
"2025-02-05"), and *contradict* each other when they cannot.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .folding import fold


class Standing(models.TextChoices):
    """How what a source says stands to what is recorded."""

    AGREES = "agrees", _("agrees")
    COMPATIBLE = "compatible", _("compatible")
    CONTRADICTS = "contradicts", _("contradicts")


class Contradiction(models.TextChoices):
    """What sort of contradiction it is.

    The last is none yet: what is cited for a value was cited for another one.
    """

    VALUE = "value", _("different value")
    DATE = "date", _("different date")
    HOLDER = "holder", _("different holder")
    SCOPE = "scope", _("different scope")
    STALE = "stale", _("outdated source")
    UNCONFIRMED = "unconfirmed", _("needs re-check")


class Certainty(models.TextChoices):
    """How sure a question of time wants to be."""

    POSSIBLE = "possible", _("possible")
    LIKELY = "likely", _("likely")
    DEFINITE = "definite", _("definite")


def of_dates(one, other):
    """Of two partial dates, by the days that they can mean."""
    if one == other:
        return Standing.AGREES
    apart = one.latest < other.earliest or other.latest < one.earliest
    return Standing.CONTRADICTS if apart else Standing.COMPATIBLE


def of_quantities(one, other):
    """Of two quantities, by the numbers that they can mean."""
    if one == other:
        return Standing.AGREES
    return Standing.CONTRADICTS if one.is_apart_from(other) else Standing.COMPATIBLE


def _likeness(text):
    """What makes two texts the same: their words, or else their signs."""
    return fold(text) or text


def of_texts(one, other):
    """Of two texts or choices: equal but for accents and case, or not."""
    alike = _likeness(one) == _likeness(other)
    return Standing.AGREES if alike else Standing.CONTRADICTS


def of_lists(recorded, stated):
    """Of two lists: a source that names some of what is recorded is compatible."""
    recorded, stated = set(map(_likeness, recorded)), set(map(_likeness, stated))
    if stated == recorded:
        return Standing.AGREES
    return Standing.COMPATIBLE if stated < recorded else Standing.CONTRADICTS
