"""The base of the commands that read or write the record."""

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError

from ..db.disk_full import why_refused


class RecordCommand(BaseCommand):
    """A command that says in one line what the database would not do.

    ``--traceback`` shows where that was.
    """

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(_told(error)) from error


def _told(error):
    if known := why_refused(error):
        _status, sentence = known
        return str(sentence)
    return (
        f"The database refused this: {error}. Where it is not migrated yet, "
        "`manage.py migrate` does that."
    )
