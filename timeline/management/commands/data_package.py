"""Write the whole record as one data package: a zip of CSV files, described."""

from pathlib import Path

from django.core.management.base import CommandError

from provenance.management.record_command import RecordCommand
from provenance.tables.atomic_files import whole_file
from timeline.dataset.package import package


class Command(RecordCommand):
    """The file is replaced once all of it is written."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="the zip to write")
        parser.add_argument(
            "--claims",
            action="store_true",
            help="with claims.csv: for each value the sources for and against it",
        )
        parser.add_argument(
            "--public", action="store_true", help="only what the public may see"
        )

    def handle(self, *args, file, claims, public, **options):
        try:
            with whole_file(file) as out:
                out.writelines(package(public=public, with_claims=claims))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        self.stdout.write(f"The record was written to {file}.")
