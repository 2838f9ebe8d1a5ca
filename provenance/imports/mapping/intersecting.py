"""A start and an end of which each says something of the other."""

from datetime import date
from functools import lru_cache

from django.core.exceptions import ValidationError

from ...resources.attribution import Stated
from ...values.dates import PartialDate


@lru_cache(maxsize=4096)
def intersected(start, end):
    """A start no later than its end can be, and an end no earlier than its start can.

    What is narrowed keeps what the source states. Dates that are marked as unsure stay
    as they are, and so do those of which nothing is left: the import refuses them.
    """
    try:
        first, last = PartialDate(start), PartialDate(end)
    except ValidationError:
        return start, end  # the import says it
    sure = first and last and not (first.mark or last.mark or last.is_ongoing)
    if not sure or first.earliest > last.latest:
        return start, end
    if first.latest > last.latest:
        start = Stated(_within(first.earliest, last.latest), start)
    if last.earliest < first.earliest:
        end = Stated(_within(first.earliest, last.latest), end)
    return start, end


def _within(earliest, latest):
    """A date of which these are the bounds."""
    if earliest == latest:
        return earliest.isoformat()
    low = "" if earliest == date.min else earliest.isoformat()
    return f"[{low}..{'' if latest == date.max else latest.isoformat()}]"
