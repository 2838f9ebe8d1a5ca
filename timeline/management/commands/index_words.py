"""Make the index of search words anew, for one that is damaged or out of step."""

from django.apps import apps
from django.db import connection, transaction

from provenance.management.record_command import RecordCommand
from provenance.search.index import indexed, keep, rebuild, stop


class Command(RecordCommand):
    """Prints how many tables were indexed. The record itself is not written."""

    help = __doc__

    def handle(self, *args, **options):
        models = indexed(apps.get_models())
        with transaction.atomic(), connection.cursor() as cursor:
            for model in models:
                for step in (stop, keep, rebuild):
                    for statement in step(connection, model):
                        cursor.execute(statement)
        self.stdout.write(f"{len(models)} tables were indexed.")
