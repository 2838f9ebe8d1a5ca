"""A backup is made while the site is written to, and restored to what was there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from tests import PROJECT
from tests.databases import LOADED, an_empty_one
from tests.depth import in_depth, times
from tests.project.test_migrations import opened

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]

PDF = b"%PDF-1.4 of a source"


class Site:
    """A site with a database and a folder of files of its own."""

    def __init__(self, url, folder):
        self.url, self.files = url, folder
        self.environment = {**os.environ, "DATABASE_URL": url, "FILES": str(folder)}

    def manage(self, *words):
        """What a command prints; its complaint, if it failed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *map(str, words)],
            cwd=PROJECT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        return done.stderr if done.returncode else done.stdout

    def dumped(self, folder):
        """The record as it is dumped, by file."""
        self.manage("dump", folder)
        return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def site(templates, tmp_path):
    with templates.elsewhere(LOADED, tmp_path) as url:
        yield Site(url, tmp_path / "files")


@pytest.fixture
def backup(site, tmp_path):
    """The path of a backup of the site, and what was told of it."""
    (site.files / "sources").mkdir(parents=True)
    (site.files / "sources" / "a.pdf").write_bytes(PDF)
    out = site.manage("backup", tmp_path / "kept", "--keep", "daily=1")
    made, told = out.splitlines()
    return Path(made), told


@pytest.fixture
def other(tmp_path):
    """A site with an empty database."""
    empty = tmp_path / "elsewhere"
    empty.mkdir()
    with an_empty_one(empty) as url:
        yield Site(url, tmp_path / "other")


def test_what_was_backed_up_is_restored_and_nothing_overwritten_unasked(
    backup, other, tmp_path
):
    made, told = backup
    assert "and 1 file, up to change 1; restored elsewhere and found whole." in told
    assert list(made.parent.iterdir()) == [made]
    assert made.stat().st_mode & 0o777 == 0o600
    assert "up to change 1." in other.manage("restore", made)
    fixtures = (PROJECT / "fixtures").iterdir()
    loaded = {path.name: path.read_bytes() for path in fixtures}
    assert other.dumped(tmp_path / "after") == loaded
    assert (other.files / "sources" / "a.pdf").read_bytes() == PDF
    assert "--overwrite replaces all" in other.manage("restore", made)


@in_depth("It starts the site five times.")
def test_a_backup_replaces_all_that_a_later_version_has_if_it_is_told_to(
    site, backup, other, tmp_path
):
    made, _told = backup
    if connection.vendor == "postgresql":
        third = Site(f"sqlite:///{tmp_path / 'third.sqlite3'}", site.files)
        said = third.manage("restore", made)
        assert "one of postgresql, and this database is one of sqlite" in said
    other.manage("restore", made)
    restored = other.files / "sources" / "a.pdf"
    restored.write_bytes(b"another")
    with opened(other.url) as later:  # what a later version added
        later.execute(
            "CREATE TABLE later_table (theme_id bigint REFERENCES timeline_theme)"
        )
    assert "restored" in other.manage("restore", made, "--overwrite")
    assert restored.read_bytes() == PDF


COPIES = times(2, 20, 10)
WRITING = """
import sys
from itertools import count
from django.contrib.auth.models import Group
for number in count(1):
    Group.objects.create(name=f"written-{number}")
    print(number, flush=True)
"""
COPYING = """
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from django.contrib.auth.models import Group
from provenance.backups.databases import database
for number in range(int(sys.argv[-1])):
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        acknowledged = len(Path(sys.argv[-2]).read_text().split())
        rows, kind = database().copy(copy), database()
        before = Group.objects.exclude(name__startswith="written").count()
        with kind.scratch(copy, Path(folder)) as url:
            assert kind.rows(url) == rows
        print(acknowledged, rows["auth_group"] - before)
"""


@pytest.mark.proves("backups while somebody writes")
def test_no_copy_is_broken_or_misses_what_was_committed_before(site, figure, tmp_path):
    journal = tmp_path / "journal"
    with journal.open("w") as file:
        writer = subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", WRITING],
            cwd=PROJECT,
            env=site.environment,
            stdout=file,
            stderr=subprocess.PIPE,
        )
    try:
        while journal.stat().st_size == 0:
            assert writer.poll() is None, writer.stderr.read()
        done = subprocess.run(
            [sys.executable, "-c", SET_UP + COPYING, journal, str(COPIES)],
            cwd=PROJECT,
            env=site.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
    finally:
        writer.kill()
        writer.communicate()
    pairs = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert len(pairs) == COPIES
    wrong = [pair for pair in pairs if pair[1] < pair[0]]
    figure(COPIES, len(wrong))
    assert wrong == []
    assert pairs[-1][1] > pairs[0][1]  # it was written to all the while


SET_UP = """
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
import django
django.setup()
"""
