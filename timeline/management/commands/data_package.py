"""Write the whole record as one data package: a zip of CSV files, described."""

from contextlib import nullcontext
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from provenance.management.record_command import RecordCommand
from provenance.tables.atomic_files import whole_file
from timeline.dataset.kept_package import kept_file, made_and_kept
from timeline.dataset.package import package


class Command(RecordCommand):
    """The file is replaced once all of it is written."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, nargs="?", help="the zip to write")
        parser.add_argument(
            "--keep",
            action="store_true",
            help="instead of a file of yours: the one that the API hands out, so that "
            "nobody waits until it is made",
        )
        parser.add_argument(
            "--claims",
            action="store_true",
            help="with claims.csv: for each value the sources for and against it",
        )
        parser.add_argument(
            "--public", action="store_true", help="only what the public may see"
        )

    def handle(self, *args, file, claims, public, keep, **options):
        if keep != (file is None) or (keep and (claims or public)):
            raise CommandError("Name a file to write, or give --keep and nothing else.")
        if keep:
            self.keep()
            return
        try:
            with whole_file(file) as out:
                out.writelines(package(public=public, with_claims=claims))
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        self.stdout.write(f"The record was written to {file}.")

    def keep(self):
        for _block in made_and_kept():
            pass
        with kept_file() or nullcontext() as file:
            if file is None:
                raise CommandError(
                    f"{settings.KEPT_FILES}: nothing can be written there."
                )
        self.stdout.write("The package of the public record is kept.")
