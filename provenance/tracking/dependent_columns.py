"""What each write has to write besides: the columns that follow others."""

from contextlib import contextmanager

from django.db import DatabaseError
from django.utils.translation import gettext_lazy as _
from simple_history.models import SIMPLE_HISTORY_REVERSE_ATTR_NAME


class StaleRecord(DatabaseError):
    """A record was written, or deleted, after it was read by who writes it now."""

    def __init__(self, record):
        self.record = record
        super().__init__(
            _("%(kind)s “%(record)s” has been changed since it was read.")
            % {"kind": record._meta.verbose_name, "record": record}
        )


def is_taken_back(record):
    """Whether a record in memory is a past version of itself."""
    return hasattr(record, SIMPLE_HISTORY_REVERSE_ATTR_NAME)


class Follower:
    """A column that is set by the write itself, whichever fields are written."""

    is_for_finding = False  # and for nothing else: no rule looks at it

    def follows(self, names):
        return True

    def derive(self, record):
        """What it is in one record."""
        names = (record._meta.pk.attname, *self.read_columns(type(record)))
        columns = {name: [getattr(record, name)] for name in names}
        (value,) = self.derive_column(type(record), columns)
        return value

    def read_columns(self, model):
        """The columns that it is derived from."""
        return ()

    def derive_column(self, model, columns, before=None):
        """The column of many rows, given those that it reads as lists by name.

        ``before`` has what was stored of the columns that it reads; None of new rows.
        """
        raise NotImplementedError

    def pre_save(self, record, add):
        if hasattr(record, "history"):  # a row of history keeps what it was given
            setattr(record, self.attname, self.derive(record))
        return getattr(record, self.attname)


def followers(model, names):
    """The fields that a write to the fields of these names has to write too."""
    names = set(names)
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in names
        and hasattr(field, "follows")
        and field.follows(names)
    ]


@contextmanager
def keeping_versions(records):
    """Leaves the versions of records in memory as they were if writing them fails."""
    version = records[0].version_field()
    before = [getattr(record, version.attname) for record in records if version]
    done = False
    try:
        yield
        done = True
    finally:
        for record, value in () if done else zip(records, before, strict=False):
            setattr(record, version.attname, value)
