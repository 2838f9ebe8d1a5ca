"""Make a backup of the database and the files, and verify it by restoring it."""

from argparse import ArgumentTypeError
from pathlib import Path

from django.core.management.base import CommandError

from provenance.backups.encryption import readers_of
from provenance.backups.errors import BackupError
from provenance.backups.keeping import PERIODS, surplus
from provenance.backups.making import make
from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted
from provenance.sign_in.audit import note_command


class Command(RecordCommand):
    """Prints where the backup is and what is in it; fails if there is none.

    The site may be written to meanwhile: the backup has all that was committed when it
    began.
    """

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "folder", nargs="?", default="backups", type=Path, help="where to put it"
        )
        parser.add_argument(
            "--recipient",
            action="append",
            default=[],
            metavar="age1...",
            help="encrypt it for this public key of age; may be given more than once",
        )
        parser.add_argument(
            "--keep",
            nargs="+",
            default=[],
            type=number_of,
            metavar="PERIOD=NUMBER",
            help="then delete older ones, as in: daily=7 weekly=4 monthly=12",
        )

    def handle(self, *args, folder, recipient, keep, **options):
        try:
            made = make(folder, readers_of(recipient))
        except BackupError as error:
            raise CommandError(str(error)) from None
        note_command("made the backup", str(made.path))
        self.stdout.write(str(made.path))
        rows = sum(made.manifest.tables.values())
        files = len(made.manifest.members) - 1
        self.stdout.write(
            f"{counted(rows, 'row')} in {counted(len(made.manifest.tables), 'table')} "
            f"and {counted(files, 'file')}, up to change {made.manifest.change}; "
            "restored elsewhere and found whole."
        )
        if errors := made.findings.get("error", 0):
            self.stderr.write(
                f"The record in it breaks its rules in {counted(errors, 'place')}; "
                "`manage.py check_data` says where."
            )
        for path in surplus(folder.iterdir(), dict(keep)) if keep else ():
            path.unlink()
            self.stdout.write(f"{path.name} is deleted.")


def number_of(text):
    """How many of a period are kept, as the command line says it."""
    period, _equals, number = text.partition("=")
    if period not in PERIODS or not (number.isascii() and number.isdigit()):
        raise ArgumentTypeError(
            f"“{text}” is none; write {', '.join(PERIODS)} with a number, as daily=7."
        )
    return period, int(number)
