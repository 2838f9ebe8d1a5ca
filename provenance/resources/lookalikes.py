"""New records of a file that look like one on record: a warning, and no fault."""

from django.utils.translation import gettext as _

from ..duplicates import Names, is_compared
from ..models import Record
from ..tables import Fault


class Lookalikes:
    """Looks at what a file is about to make, against what is on record before it."""

    def __init__(self, model):
        self.model = model
        self.names = None  # made only if the file brings something new
        self.found = []

    def look_at(self, record, row_number):
        """Takes down which record this new one may be."""
        if not isinstance(record, Record) or not is_compared(self.model):
            return
        if self.names is None:
            self.names = Names(self.model)
        if pairs := self.names.like(record):
            self.found.append((row_number, pairs[0]))

    def warnings(self, lines):
        """Each with its line in the file, the record that it looks like, and why."""
        said = _("this would be new, but “%(slug)s” is on record: %(reason)s.")
        return sorted(
            (
                Fault(
                    lines[row_number - 1],
                    said % {"slug": pair.other.slug, "reason": pair.reason},
                    self.model.label_field,
                )
                for row_number, pair in self.found
            ),
            key=lambda warning: warning.line,
        )
