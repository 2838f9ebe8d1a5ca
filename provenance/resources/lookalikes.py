"""Warns of new rows in a file that may be duplicates of existing records."""

from django.utils.translation import gettext as _

from ..models import Record
from ..review.duplicates import Names, is_compared
from ..tables import Fault


class Lookalikes:
    """Looks at what a file is about to make, against what is on record before it."""

    def __init__(self, model):
        self.compares = issubclass(model, Record) and is_compared(model)
        self.model, self.names = model, None  # made only if it brings something new

    def has_any(self):
        """Whether there are records on record that a new one could look like."""
        if self.compares and self.names is None:
            self.names = Names(self.model)
        return self.compares and bool(self.names.records)

    def warnings(self, lines, records):
        """Each with its line in the file, the record that it looks like, and why.

        The records have no key yet.
        """
        said = _(
            "this would create a record that may be a duplicate of "
            "“%(slug)s”: %(reason)s."
        )
        for line, record in zip(lines, records, strict=True):
            if pairs := self.names.like(record):
                slug, reason = pairs[0].other.slug, pairs[0].reason
                message = said % {"slug": slug, "reason": reason}
                yield Fault(line, message, self.model.label_field)
