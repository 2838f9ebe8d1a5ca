"""The databases of the tests: made once, and copied for whoever needs one.

Migrating takes many seconds, a copy some milliseconds. So there are two templates: one
that is migrated and holds no record, and one with the fixtures loaded. Each is made by
the process that needs it first, while the others wait, and is named by the content of
what it is made of, so that none serves that is out of date.
"""

import ast
import fcntl
import io
import os
import shutil
import sqlite3
from contextlib import closing, contextmanager
from datetime import date
from functools import cache, partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests import PROJECT

APPS = ("bordersec", "timeline", "entities", "provenance")
MIGRATED, LOADED = "migrated", "loaded"


class Templates:
    """The templates, and the database of this process, which is a copy of one.

    The folder is shared by all processes and kept from one run to the next.
    """

    def __init__(self, folder):
        self.folder, self.kept = folder, _kept(folder)
        _own_name()
        self.used = None  # what the database of this process is a copy of

    @contextmanager
    def serving(self):
        """While this lasts the connection leads to a migrated database of its own."""
        name = connection.settings_dict["NAME"]
        self.use(MIGRATED)
        yield
        connection.creation.destroy_test_db(name, verbosity=0)

    def use(self, template):
        """Makes the database of this process a copy of a template."""
        self._have(template)
        self.kept.copy(key_of(template))
        self.used = template

    def mark(self):
        """What makes the database of this process again what it is now."""
        key = f"mark_{_own_name()}"
        self.kept.keep(key, key)
        return partial(self.kept.copy, key)

    @contextmanager
    def elsewhere(self, template, folder):
        """The address of one more copy, for another program; it is gone afterwards."""
        self._have(template)
        with self.kept.one_more(folder, key_of(template)) as address:
            yield address

    @contextmanager
    def file(self, folder):
        """The path of an SQLite file for a program that migrates it, gone afterwards.

        There is nothing left to migrate if the tests run on SQLite, or did so before.
        """
        files = _Files(self.folder)
        if connection.vendor == "sqlite":
            self._have(MIGRATED)
        key = key_of(MIGRATED)
        with files.one_more(folder, key if files.has(key) else None) as address:
            yield Path(address.removeprefix("sqlite:///"))

    def _have(self, template):
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.kept.has(key_of(template)):
                self._make(template)  # in the database of this process
                if self.used:
                    self.kept.copy(key_of(self.used))

    def _make(self, template):
        if template == MIGRATED:
            connection.creation.create_test_db(0, autoclobber=True, serialize=False)
        else:
            if not self.kept.has(key_of(MIGRATED)):
                self._make(MIGRATED)
            self.kept.copy(key_of(MIGRATED))
            call_command("load", stdout=io.StringIO(), stderr=io.StringIO())
        self.kept.keep(key_of(template), f"{template}_")


class _Files:
    """SQLite: the templates are files, the copy of a process is in its memory."""

    def __init__(self, folder):
        self.folder = folder

    def has(self, key):
        return self._file(key).exists()

    def keep(self, key, kind):
        for stale in self.folder.glob(f"{kind}*.sqlite3"):
            stale.unlink()
        unfinished = self.folder / "unfinished"
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as file:
            connection.connection.backup(file)
        unfinished.rename(self._file(key))

    def copy(self, key):
        _lead_to(_own_name())
        connection.ensure_connection()
        with closing(sqlite3.connect(self._file(key))) as file:
            file.backup(connection.connection)

    @contextmanager
    def one_more(self, folder, key=None):
        file = folder / "another.sqlite3"
        if key:
            shutil.copyfile(self._file(key), file)
        yield f"sqlite:///{file}"

    def _file(self, key):
        return self.folder / f"{key}.sqlite3"


class _Databases:
    """PostgreSQL: templates and copies are databases of the server."""

    PREFIX = "bordersec_"
    more = count()  # by which several at a time are told apart

    def __init__(self, _folder):
        pass

    def has(self, key):
        return bool(self._names(self.PREFIX + key))

    def keep(self, key, kind):
        with connection.cursor() as cursor:
            # As the server does by itself after a while. Between tests it sees only
            # rows that were taken back, may take every table for empty, and then
            # plans joins for empty tables, which on full ones do not end.
            cursor.execute("ANALYZE")
        name = connection.settings_dict["NAME"]
        self._disconnect()
        for stale in self._names(f"{self.PREFIX}{kind}%"):
            self._do(f'DROP DATABASE "{stale}"')
        self._do(f'CREATE DATABASE "{self.PREFIX}{key}" TEMPLATE "{name}"')

    def copy(self, key):
        self._disconnect()
        name = _own_name()
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{self.PREFIX}{key}"')
        _lead_to(name)

    @contextmanager
    def one_more(self, _folder, key=None):
        name = f"{_own_name()}_another_{next(self.more)}"
        template = self.PREFIX + key if key else "template1"
        self._do(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._do(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        yield address_of(name)
        self._do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _disconnect(self):
        connection.close()
        connection.close_pool()

    def _do(self, statement):
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)

    def _names(self, pattern):
        with connection._nodb_cursor() as cursor:
            cursor.execute(
                "SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern]
            )
            return [name for (name,) in cursor.fetchall()]


def _kept(folder):
    """Where the templates are, for the kind of database that the tests run on."""
    kinds = {"sqlite": _Files, "postgresql": _Databases}
    return kinds[connection.vendor](folder)


def an_empty_one(folder):
    """The address of an empty database, for another program; it is gone afterwards."""
    return _kept(folder).one_more(folder)


def address_of(name):
    """The address of another database of the PostgreSQL server of this run."""
    url = urlsplit(os.environ["DATABASE_URL"])
    above, _slash, _name = url.path.rpartition("/")
    return url._replace(path=f"{above}/{name}").geturl()


@cache
def _own_name():
    """What Django calls the database of this process, asked before it leads there.

    Without a name of its own in the settings it is made of the one that is led to.
    """
    return connection.creation._get_test_db_name()


def _lead_to(name):
    connection.close()
    settings.DATABASES[connection.alias]["NAME"] = name
    connection.settings_dict["NAME"] = name


@cache
def key_of(template):
    """A name for the template as it has to be now.

    What is loaded depends on nearly all code. What is migrated depends on the
    migrations, on what they call, and on the packages with migrations of their own.
    """
    modules = [PROJECT / "requirements.txt", *_modules_in_migrations()]
    if template == LOADED:
        modules += sorted((PROJECT / "fixtures").iterdir())
        modules += [
            file for app in APPS for file in sorted((PROJECT / app).rglob("*.py"))
        ]
    # What is new in the record has to be new to who asks for what is.
    digest = sha256(str(date.today()).encode() if template == LOADED else b"")
    for file in modules:
        content = file.read_bytes()
        digest.update(f"{file.relative_to(PROJECT)} {len(content)} ".encode() + content)
    return f"{template}_{digest.hexdigest()[:16]}"


def _modules_in_migrations():
    """The migrations, and the modules of ours that these import."""
    migrations = [
        file for app in APPS for file in sorted((PROJECT / app).glob("migrations/*.py"))
    ]
    imported = set()
    for file in migrations:
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.ImportFrom):
                imported.add(node.module)
            elif isinstance(node, ast.Import):
                imported |= {alias.name for alias in node.names}
    places = [PROJECT / f"{name.replace('.', '/')}.py" for name in sorted(imported)]
    return [*migrations, *filter(Path.is_file, places)]
