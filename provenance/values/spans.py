"""Spans of time: what is certain of two dates, what is possible, and how it is said.

A date marked ``?``, ``~`` or ``%`` is never certain, so neither is what follows from
it.
"""

from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from .dates import marked


def in_words(start, end):
    """Two dates as a message quotes them."""
    return _("from %(start)s to %(end)s") % {
        "start": f"“{start}”" if start else _("an unknown day"),
        "end": f"“{end}”" if end else _("an unknown day"),
    }


def certain(*names):
    """A condition: none of these dates is marked as unsure."""
    condition = Q()
    for name in names:
        condition &= ~marked(name)
    return condition


def before(one, other):
    """A condition: the one date is certainly before the other, as far as bounds say."""
    return Q(**{f"{one}_latest__lt": F(f"{other}_earliest")})


def certainly_apart(one, other):
    """A condition: two spans, each a start and an end, certainly share no day."""
    apart = before(one[1], other[0]) | before(other[1], one[0])
    return apart & certain(*one, *other)


def core(span):
    """The days between which what lasts certainly did, as columns of a query: none
    where the first is behind the second.
    """
    start, end = span
    return (
        Least(f"{start}_latest", f"{end}_latest"),
        Greatest(f"{end}_earliest", f"{start}_earliest"),
    )
