"""A backup as one file: a tar archive with the database, the files, and a manifest."""

import hashlib
import io
import json
import re
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath

from .errors import BackupError

FORMAT = "bordersec-backup-1"
MANIFEST, DATABASE, FILES = "manifest.json", "database", "files"
BLOCK = 1 << 20  # bytes that are in memory at a time


@dataclass
class Manifest:
    """What is in a backup, by which it is known to be whole."""

    made_at: str  # in UTC, as ISO 8601 has it
    engine: str
    change: int  # the number of the last change of the record; 0 before the first
    migrations: list[str]
    tables: dict[str, int]  # by name, how many rows
    settings: list[str]  # the names of the settings that were made, without values
    format: str = FORMAT
    members: dict[str, str] = field(default_factory=dict)  # by name, its SHA-256


class Digesting(io.RawIOBase):
    """A stream that is read, and the SHA-256 of what was read of it."""

    def __init__(self, stream):
        self.stream, self.digest = stream, hashlib.sha256()

    def read(self, size=-1):
        data = self.stream.read(size)
        self.digest.update(data)
        return data


def pack(path, manifest, database, files):
    """Writes an archive; ``files`` are names, each with its size and an open stream."""
    with tarfile.open(path, "w:gz", compresslevel=6) as archive:

        def add(name, size, stream):
            member, stream = tarfile.TarInfo(name), Digesting(stream)
            member.size = size
            archive.addfile(member, stream)
            manifest.members[name] = stream.digest.hexdigest()

        with database.open("rb") as stream:
            add(DATABASE, database.stat().st_size, stream)
        for name, size, stream in files:
            add(f"{FILES}/{name}", size, stream)
        text = json.dumps(asdict(manifest), indent=1).encode()
        member = tarfile.TarInfo(MANIFEST)  # the last: it knows all the others
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))


def unpack(path, folder):
    """Writes what an archive holds into a folder; its manifest.

    BackupError if anything is missing, too much, or is not what it was.
    """
    digests = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for member in archive:
                _refuse_strange(member)
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                stream = Digesting(archive.extractfile(member))
                with target.open("wb") as file:
                    while data := stream.read(BLOCK):
                        file.write(data)
                digests[member.name] = stream.digest.hexdigest()
        manifest = _manifest(folder / MANIFEST)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(f"{path} is no whole backup: {error}.") from None
    del digests[MANIFEST]
    for name in sorted(digests.keys() | manifest.members.keys()):
        if digests.get(name) != manifest.members.get(name):
            raise BackupError(
                f"{path} is damaged: “{name}” in it is not what was put there."
            )
    return manifest


def _refuse_strange(member):
    """Refuses what no backup of ours has: links, devices, paths that lead elsewhere."""
    parts = PurePosixPath(member.name).parts
    ours = member.name in (MANIFEST, DATABASE) or parts[:1] == (FILES,)
    if not (member.isreg() and ours) or ".." in parts:
        raise tarfile.TarError(f"“{member.name}” does not belong into one")


def _manifest(path):
    try:
        told = json.loads(path.read_bytes())
        if told.get("format") != FORMAT:
            raise BackupError(
                f"The backup is of the format {told.get('format')!r}; this version "
                f"reads {FORMAT}."
            )
        return Manifest(**told)
    except (ValueError, TypeError, AttributeError) as error:
        raise BackupError(f"Its {MANIFEST} is broken: {error}.") from None


# The names of archives ------------------------------------------------------

NAME = re.compile(r"bordersec-(\d{8}T\d{6}Z)\.tar\.gz(\.age)?")


def name_of(moment):
    """What the archive of a moment, in UTC, is called."""
    return f"bordersec-{moment:%Y%m%dT%H%M%SZ}.tar.gz"
