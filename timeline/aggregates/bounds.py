"""How much one answer is made of, and has, at the most."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MOST = 100_000  # records that are read
MOST_GROUPS = 10_000


def refusal(parameter, message, code):
    """That a question is refused for this parameter."""
    return ValidationError({parameter: ValidationError(message, code)})


def bounded(rows, parameter):
    """All of these rows; refused if they are more than ``MOST``."""
    found = list(rows[: MOST + 1])
    if len(found) > MOST:
        message = _(
            "More than %d records are asked for; narrow them by metric, place, agency "
            "or time (from, to)."
        )
        raise refusal(parameter, message % MOST, "too_many")
    return found


def refuse_more(number):
    """Refuses an answer with more than ``MOST_GROUPS`` groups."""
    if number > MOST_GROUPS:
        message = _(
            "The answer would have %(number)d groups, and has at most %(most)d; group "
            "by fewer things or longer periods, or narrow it by from and to."
        )
        told = {"number": number, "most": MOST_GROUPS}
        raise refusal("group_by", message % told, "too_many")


def with_missing(keys, question):
    """These keys, and those of the periods between in which there is nothing.

    The last member of a key is its period. They go from the first to the last, or as
    far as is asked for.
    """
    calendar = question.calendar
    if not keys or not calendar:
        refuse_more(len(keys))
        return keys
    periods = [key[-1] for key in keys]
    first = question.first if question.first > date.min else min(periods).first
    last = question.last if question.last < date.max else max(periods).last
    others = {key[:-1] for key in keys}
    refuse_more(len(others) * calendar.number_through(first, last))
    return {
        (*shared, period)
        for shared in others
        for period in calendar.through(first, last)
    }
