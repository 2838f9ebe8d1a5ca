"""Spans of time: what is certain of two dates, what is possible, and how it is said.

A date marked ``?``, ``~`` or ``%`` is never certain, so neither is what follows from
it.
"""

from datetime import date

from django.db.models import F, Q
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


def possibly_backwards(start, end):
    """A condition: a span may end before it starts, for all that its dates say.

    Where both dates are as vague as each other, as in "some day in 2019", nothing can
    be written more exactly, and nothing is found. Nor is it where a date is open on the
    side in question.
    """
    too_early = Q(
        **{
            f"{end}_earliest__gt": date.min,
            f"{end}_earliest__lt": F(f"{start}_earliest"),
        }
    )
    too_late = Q(
        **{
            f"{start}_latest__lt": date.max,
            f"{start}_latest__gt": F(f"{end}_latest"),
        }
    )
    return (too_early | too_late) & ~before(end, start)


def doubt_of_order(span):
    """What is said of a span, in words, that is possibly backwards."""
    return (
        _(
            "It lasted %s, so it may have ended before it started; leave out of "
            "each date the days that the other rules out."
        )
        % span
    )
