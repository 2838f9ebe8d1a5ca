"""Print the data dictionary, which stands in docs/data-dictionary.md."""

from django.core.management.base import BaseCommand

from timeline.dataset.dictionary import data_dictionary


class Command(BaseCommand):
    """Prints Markdown; redirect it to the file."""

    help = __doc__

    def handle(self, *args, **options):
        self.stdout.write(data_dictionary(), ending="")
