"""Warns of new rows in a file that may be duplicates of existing records."""

from bisect import bisect_left
from datetime import date

from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from ..models import Record
from ..review.duplicates import Names, is_compared, longest
from ..tables import Fault
from ..values.dates import Spanned

FEW, CHUNK = 10_000, 2_000  # records: if more could be of that time, all are looked at


class Lookalikes:
    """Looks at what a file is about to make, against what is on record before it.

    Names are read of those records alone that could be of the same time.
    """

    def __init__(self, model):
        self.compares = issubclass(model, Record) and is_compared(model)
        self.model, self.last, self.names = model, None, None

    def has_any(self):
        """Whether there are records on record that a new one could look like."""
        if self.compares and self.last is None:  # it brings something new
            keys = self.model._default_manager.order_by("-pk")
            self.last = keys.values_list("pk", flat=True).first() or 0
        return self.compares and bool(self.last)

    def _names_near(self, records):
        """The names of what is on record that could be of the time of one of these."""
        if self.names:  # of all
            return self.names
        keys = self._keys_near(records)
        names = Names(self.model, keys, last=self.last)
        if keys is None:
            self.names = names
        return names

    def _keys_near(self, records):
        """The keys of what could be of their time, if that is not most of it."""
        if not issubclass(self.model, Spanned):
            return None
        span = longest(self.model)
        firsts, lasts = _stretches(records, span)
        if firsts[0] == date.min or lasts[-1] == date.max:
            return None
        known = self.model._default_manager.filter(pk__lte=self.last).order_by()
        found = []
        for key, first, last in known.values_list("pk", *span).iterator(CHUNK):
            place = bisect_left(lasts, first)
            if place < len(firsts) and firsts[place] <= last:
                found.append(key)
                if len(found) > FEW:
                    return None
        return found

    def warnings(self, lines, columns):
        """Of new rows each with its line, the record that it looks like, and why."""
        said = _(
            "this would create a record that may be a duplicate of "
            "“%(slug)s”: %(reason)s."
        )
        records = _records(self.model, columns)
        names = self._names_near(records)
        for line, record in zip(lines, records, strict=True):
            if pairs := names.like(record):
                slug, reason = pairs[0].other.slug, pairs[0].reason
                message = said % {"slug": slug, "reason": reason}
                yield Fault(line, message, self.model.label_field)


def _stretches(records, span):
    """The days on which some of these can have been, as stretches that lie apart: the
    first day of each, and the last.
    """
    firsts, lasts = [], []
    held = {tuple(getattr(record, name) for name in span) for record in records}
    for first, last in sorted(held):
        if lasts and first <= lasts[-1]:
            lasts[-1] = max(last, lasts[-1])
        else:
            firsts.append(first)
            lasts.append(last)
    return firsts, lasts


def _records(model, columns):
    """Rows as records in memory that nobody has saved."""
    records = []
    for row in zip(*columns.values(), strict=True):
        record = model.__new__(model)
        record.__dict__ = dict(zip(columns, row, strict=True))
        record._state = ModelState()
        records.append(record)
    return records
