"""Makes a backup, and holds it to be one only once it was restored elsewhere."""

import json
import os
import re
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from ..tracking.changes import ChangeSet
from .archive import DATABASE, Manifest, name_of, pack, unpack
from .databases import database
from .encryption import SUFFIX, encrypt
from .errors import BackupError

VARIABLE = re.compile(r"^#?\s*([A-Z][A-Z0-9_]*)=", re.MULTILINE)

LAST = "last-backup"  # a file that is as old as the last of them


@dataclass(frozen=True)
class Made:
    """A backup that was made and verified."""

    path: Path
    manifest: Manifest
    findings: dict[str, int]  # what the rules of the record find in it, by level


def make(folder, readers=()):
    """Makes a backup in a folder; for these readers alone, if there are any.

    It is there once it was restored into a scratch database and found whole. Raises
    BackupError, and then there is none.
    """
    now = datetime.now(UTC)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _work(folder) as work:
            archive = work / name_of(now)
            manifest = _pack(work, archive, now)
            findings = verify(archive, work)
            if readers:
                encrypt(archive, archive := Path(f"{archive}{SUFFIX}"), readers)
            _onto_the_disk(archive)
            archive.replace(folder / archive.name)
            settings.KEPT_FILES.mkdir(parents=True, exist_ok=True)
            (settings.KEPT_FILES / LAST).touch()
            return Made(folder / archive.name, manifest, findings)
    except OSError as error:
        raise BackupError(f"{error.filename or folder}: {error.strerror}.") from None


def numbers():
    """When the last backup was made here, if there is any."""
    last = settings.KEPT_FILES / LAST
    if last.exists():
        when = last.stat().st_mtime
        yield "last_backup_timestamp_seconds", "When a backup was made last.", when


@contextmanager
def _work(folder):
    with TemporaryDirectory(prefix=".unfinished-", dir=folder) as work:
        yield Path(work)


def _pack(work, archive, now):
    copy, source = work / DATABASE, database()
    tables = source.copy(copy)
    manifest = Manifest(
        made_at=now.isoformat(timespec="seconds"),
        engine=source.name,
        change=tables[ChangeSet._meta.db_table],
        migrations=applied(),
        tables=tables,
        settings=names_of_settings(),
    )
    pack(archive, manifest, copy, _opened(stored_files()))
    archive.chmod(0o600)
    copy.unlink()
    return manifest


def applied():
    """The migrations that the database has had."""
    found = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in found)


def names_of_settings():
    """The names of the settings that are made here. A backup tells no secret."""
    example = settings.BASE_DIR / ".env.example"
    known = VARIABLE.findall(example.read_text()) if example.exists() else []
    return sorted(set(known) & os.environ.keys())


def stored_files(folder=""):
    """The names of all files in the storage, whatever kind it is."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return  # nothing was ever stored
    for name in sorted(names):
        yield str(PurePosixPath(folder, name))
    for name in sorted(folders):
        yield from stored_files(str(PurePosixPath(folder, name)))


def _opened(names):
    for name in names:
        with default_storage.open(name) as file:
            yield name, file.size, file


def verify(archive, work):
    """Restores an archive into a scratch database, and looks at it there.

    What the rules of the record find, by level. BackupError if it is not whole.
    """
    with TemporaryDirectory(prefix="unpacked-", dir=work) as folder:
        folder = Path(folder)
        manifest, target = unpack(archive, folder), database()
        with target.scratch(folder / DATABASE, folder) as url:
            same_rows(manifest.tables, target.rows(url))
            return _findings(url)


def same_rows(packed, found):
    """Refuses tables that have other rows than were packed."""
    for table in sorted(packed.keys() | found.keys()):
        if packed.get(table) != found.get(table):
            raise BackupError(
                f"The table {table} had {packed.get(table, 'no')} rows when it was "
                f"copied, and has {found.get(table, 'no')} as it was restored."
            )


def _findings(url):
    """How many findings of each level the rules have in the database at an address."""
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, settings.BASE_DIR / "manage.py", "check_data", "--json"],
        env={**os.environ, "DATABASE_URL": url, "WORKER": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        return json.loads(done.stdout)["counts"]["levels"]
    except ValueError:
        raise BackupError(f"The copy cannot be read: {done.stderr.strip()}") from None


def _onto_the_disk(path):
    with path.open("rb") as file:
        os.fsync(file.fileno())
