"""The base of the commands that write to the record."""

from django.core.management.base import BaseCommand, CommandError

from ..tracking.changes import NoRoom


class WritingCommand(BaseCommand):
    """A command that says in one line if there is no room for what it writes."""

    def execute(self, *args, **options):
        try:
            return super().execute(*args, **options)
        except NoRoom as error:
            raise CommandError(str(error)) from None
