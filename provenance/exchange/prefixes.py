"""Partial dates for formats that know years, months and days, and nothing vaguer."""

from datetime import date


def prefix_of(when):
    """What all days that a partial date can mean have in common, as ISO 8601 writes it.

    ``2009``, ``2009-03`` or ``2009-03-28``; empty if they have not even a year in
    common. Whether the source is unsure, it does not say.
    """
    if when.earliest == date.min or when.latest == date.max:
        return ""
    first, last = when.earliest.isoformat(), when.latest.isoformat()
    if when.earliest == when.latest:
        return first
    return next((first[:n] for n in (7, 4) if first[:n] == last[:n]), "")


def is_more(when):
    """Whether a date says more, or other, than its prefix does."""
    return when != prefix_of(when)
