"""The base of the commands that read or write the record."""

from django.core.management.base import BaseCommand, CommandError
from django.db import (
    InterfaceError,
    InternalError,
    OperationalError,
    ProgrammingError,
)

from ..db.refusals import why_refused

REFUSED = (OperationalError, ProgrammingError, InternalError, InterfaceError)


class RecordCommand(BaseCommand):
    """A command that says in one line what the database would not do.

    ``--traceback`` shows where that was.
    """

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except REFUSED as error:
            raise CommandError(_told(error)) from error


def _told(error):
    if known := why_refused(error):
        return str(known.sentence)
    return (
        f"The database refused this: {error}. Where it is not migrated yet, "
        "`manage.py migrate` does that."
    )
