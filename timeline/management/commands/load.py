"""Load a folder of CSV files or workbooks, one a table; all of it, or none."""

from pathlib import Path

from django.core.management.base import CommandError

from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted, said_of_rows
from timeline.dataset.folders import FolderError, load_folder, names_of_tables
from timeline.records import RECORDS


class Command(RecordCommand):
    """Prints what became of each file, and every fault with file and line."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "folder",
            nargs="?",
            default="fixtures",
            type=Path,
            help="where sources.csv and its kin are",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="check everything, write nothing"
        )
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing if there is any record already",
        )

        parser.add_argument(
            "--set-aside",
            type=Path,
            metavar="FOLDER",
            help="load what is right, and write the other rows here, each with why",
        )

    def handle(self, *args, folder, dry_run, if_empty, set_aside, **options):
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        if if_empty and any(model.objects.exists() for model in RECORDS):
            self.stdout.write("There are records already; nothing was loaded.")
            return
        try:
            files = load_folder(folder, dry_run, set_aside)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}.") from None
        except FolderError as error:
            self._tell(folder, error.files)
            for name, fault in error.faults():
                self.stderr.write(f"{folder / name}: {fault}")
            count = len(error.faults())
            raise CommandError(
                f"{counted(count, 'fault')} in {folder}; nothing was written."
            ) from None
        self._tell(folder, files)
        changes = sum(file.new + file.changed for file in files)
        aside = sum(file.aside for file in files)
        rows = changes + sum(file.same for file in files) + aside
        self.stdout.write(said_of_rows(changes, rows, dry_run))
        if aside:
            self.stdout.write(f"{counted(aside, 'row')} set aside in {set_aside}.")

    def _tell(self, folder, files):
        """Says of each file what became of its rows, and what looks wrong in it."""
        for file in files:
            if file.name in names_of_tables():
                self.stderr.write(
                    f"{file.name}: {file.new} new, {file.changed} changed, "
                    f"{file.same} same"
                    + (f", {len(file.faults)} wrong" if file.faults else "")
                )
            for sentence in file.told:
                self.stderr.write(f"{folder / file.name}: {sentence}")
            for warning in file.warnings:
                self.stderr.write(f"{folder / file.name}: {warning}")
