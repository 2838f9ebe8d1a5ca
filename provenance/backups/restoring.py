"""Puts a backup in the place of the database and the files."""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from .archive import BLOCK, DATABASE, FILES, unpack
from .databases import database
from .encryption import SUFFIX, decrypt
from .errors import BackupError
from .making import same_rows


def restore(path, overwrite=False, keys=()):
    """Restores the backup in a file; its manifest.

    Nothing is touched before all of it was found whole. Raises BackupError, also if
    something would be overwritten that nobody said is to be.
    """
    if not path.is_file():
        raise BackupError(f"There is no file {path}.")
    with TemporaryDirectory(prefix="restoring-") as work:
        work = Path(work)
        manifest = unpack(_plain(path, work, keys), work)
        target = database()
        _refuse_others(manifest, target)
        files = [
            name.removeprefix(f"{FILES}/")
            for name in manifest.members
            if name != DATABASE
        ]
        if not overwrite:
            _refuse_to_overwrite(target, files, work)
        same_rows(manifest.tables, target.restore(work / DATABASE))
        for name in files:
            _store(name, work / FILES / name)
    return manifest


def _plain(path, work, keys):
    if not path.name.endswith(SUFFIX):
        return path
    if not keys:
        raise BackupError(
            f"{path} is encrypted; --identity names the file with the secret key."
        )
    decrypt(path, plain := work / "plain", keys)
    return plain


def _refuse_others(manifest, target):
    """Refuses what is not of this kind of database, or is of a later version."""
    if manifest.engine != target.name:
        raise BackupError(
            f"The backup is one of {manifest.engine}, and this database is one of "
            f"{target.name}; `manage.py dump` and `load` take the record from one "
            "kind to the other."
        )
    known = MigrationLoader(connection, ignore_no_migrations=True)
    names = {f"{app}.{name}" for app, name in known.disk_migrations}
    for migration in known.disk_migrations.values():
        names.update(f"{app}.{name}" for app, name in migration.replaces)
    ours = {name.partition(".")[0] for name in names}
    later = [
        name
        for name in manifest.migrations
        if name not in names and name.partition(".")[0] in ours
    ]
    if later:
        raise BackupError(
            f"The backup is of a later version, which has {later[-1]}; restore it "
            "with that version."
        )


def _refuse_to_overwrite(target, files, work):
    if not target.is_empty():
        raise BackupError(
            "The database is not empty. --overwrite replaces all that is in it; make a "
            "backup of it before, if in doubt."
        )
    for name in files:
        if default_storage.exists(name) and not _is_same(name, work / FILES / name):
            raise BackupError(
                f"The file {name} is there and is another; --overwrite replaces it."
            )


def _is_same(name, path):
    with default_storage.open(name) as stored, path.open("rb") as restored:
        return _digest(stored) == _digest(restored)


def _digest(stream):
    digest = hashlib.sha256()
    while data := stream.read(BLOCK):
        digest.update(data)
    return digest.digest()


def _store(name, path):
    if default_storage.exists(name):
        if _is_same(name, path):
            return
        default_storage.delete(name)
    with path.open("rb") as file:
        default_storage.save(name, File(file))
