"""Stands in for a command that would remove history: none is ever removed."""

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    """Refuses."""

    help = __doc__

    def handle(self, *args, **options):
        raise CommandError("History is never removed.")
