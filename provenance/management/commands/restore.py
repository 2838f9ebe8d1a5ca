"""Put a backup in the place of the database and the files."""

from pathlib import Path

from django.core.management.base import CommandError

from provenance.backups.encryption import keys_in
from provenance.backups.errors import BackupError
from provenance.backups.restoring import restore
from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted
from provenance.sign_in.audit import note_command


class Command(RecordCommand):
    """Prints what was restored. Nothing is touched before all of it is verified.

    Stop the site meanwhile: who writes during it writes what is replaced.
    """

    help = __doc__
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="what `manage.py backup` made")
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="replace a database that is not empty, and files that are others",
        )
        parser.add_argument(
            "--identity",
            type=Path,
            metavar="FILE",
            help="the file with the secret key of age, if it is encrypted",
        )

    def handle(self, *args, file, overwrite, identity, **options):
        try:
            keys = keys_in(identity) if identity else ()
            manifest = restore(file, overwrite, keys)
        except BackupError as error:
            raise CommandError(str(error)) from None
        note_command("restored the backup", str(file))
        rows, files = sum(manifest.tables.values()), len(manifest.members) - 1
        self.stdout.write(
            f"{counted(rows, 'row')} and {counted(files, 'file')} of "
            f"{manifest.made_at} restored, up to change {manifest.change}."
        )
        self.stdout.write("Bring it up to this version by `manage.py migrate`.")
