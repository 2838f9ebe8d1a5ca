"""Write the whole record as a folder of CSV files, as load reads it."""

from pathlib import Path

from django.core.management.base import CommandError

from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted
from provenance.sign_in.audit import note_command
from timeline.dataset.folders import dump_folder


class Command(RecordCommand):
    """Prints the rows of each file; the files are replaced once all are written."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "folder",
            nargs="?",
            default="fixtures",
            type=Path,
            help="where to write the files",
        )

    def handle(self, *args, folder, **options):
        total = 0
        try:
            for name, count in dump_folder(folder):
                self.stderr.write(f"{name}: {counted(count, 'row')}")
                total += count
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        note_command("wrote the record to", str(folder))
        written = f"{counted(total, 'row')} {'was' if total == 1 else 'were'} written"
        self.stdout.write(f"{written} to {folder}.")
