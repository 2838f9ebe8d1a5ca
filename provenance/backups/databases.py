"""What each kind of database does by its own means: copied while it is written to."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db import connection, transaction

from .errors import BackupError

TABLES_OF_SQLITE = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name
"""
# How this database writes and orders letters: that of a server may be another.
IN_LETTERS = """
    SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database
    WHERE datname = current_database()
"""
TABLES_OF_POSTGRESQL = """
    SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename
"""


def database():
    """The database of the site, by its kind."""
    return {"sqlite": Sqlite, "postgresql": Postgresql}[connection.vendor]()


def _rows(execute, tables):
    """How many rows each table has."""
    names = [name for (name,) in execute(tables).fetchall()]
    return {
        name: execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  names that the database gave
        for name in names
    }


class Sqlite:
    """SQLite: its backup API waits for no writer, and none waits for it.

    https://sqlite.org/backup.html
    """

    name = "sqlite"

    def copy(self, path):
        """Writes all that is committed now into a file; the rows of each table."""
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # all of it in the one file
            return _rows(copy.execute, TABLES_OF_SQLITE)

    @contextmanager
    def scratch(self, path, folder):
        """The address of a database made of a copy, which is gone afterwards."""
        file = folder / f"scratch-{token_hex(4)}.sqlite3"
        shutil.copyfile(path, file)
        yield f"sqlite:///{file}"
        file.unlink()

    def rows(self, url):
        """The rows of each table of a scratch database; BackupError if it is broken."""
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as scratch:
            for check in ("integrity_check", "foreign_key_check"):
                found = scratch.execute(f"PRAGMA {check}").fetchmany(3)
                if found not in ([], [("ok",)]):
                    raise BackupError(f"SQLite finds the copy broken: {found}.")
            return _rows(scratch.execute, TABLES_OF_SQLITE)

    def is_empty(self):
        return not connection.introspection.table_names()

    def restore(self, path):
        """Puts a copy in the place of all there is, at once for all who read it."""
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            copy.backup(connection.connection)
        connection.close()
        with connection.cursor() as cursor:  # in the way that the settings have it
            return _rows(cursor.execute, TABLES_OF_SQLITE)


class Postgresql:
    """PostgreSQL: pg_dump and pg_restore, which have to be at hand.

    https://www.postgresql.org/docs/current/backup-dump.html
    """

    name = "postgresql"

    def copy(self, path):
        """Writes all that is committed now into a file; the rows of each table."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            (moment,) = cursor.execute("SELECT pg_export_snapshot()").fetchone()
            self._run(
                *("pg_dump", "--format=custom", "--no-owner", "--no-privileges"),
                *(f"--snapshot={moment}", f"--file={path}"),
            )
            return _rows(cursor.execute, TABLES_OF_POSTGRESQL)

    @contextmanager
    def scratch(self, path, folder):
        """The address of a database made of a copy, which is gone afterwards."""
        name = f"bordersec_scratch_{token_hex(4)}"
        with connection.cursor() as cursor:
            encoding, collate, ctype = cursor.execute(IN_LETTERS).fetchone()
        self._run(
            *("createdb", "--template=template0", f"--encoding={encoding}"),
            *(f"--lc-collate={collate}", f"--lc-ctype={ctype}"),
            database=name,
        )
        try:
            self._restore(path, name)
            yield _address_of(name)
        finally:
            self._run("dropdb", database=name)  # --force trips over autovacuum

    def rows(self, url):
        """The rows of each table of a scratch database."""
        name = urlsplit(url).path.rpartition("/")[2]
        told = {**connection.get_connection_params(), "dbname": name}
        names = ("dbname", "host", "port", "user", "password")
        told = {one: told[one] for one in names if told.get(one)}
        with psycopg.connect(**told) as scratch:
            return _rows(scratch.execute, TABLES_OF_POSTGRESQL)

    def is_empty(self):
        return not connection.introspection.table_names()

    def restore(self, path):
        """Puts a copy in the place of all there is, in one transaction.

        A later version may have tables that the copy knows nothing of: all of the
        schema goes, and what was in it.
        """
        statements = path.with_suffix(".sql")
        told = ("--no-owner", "--no-privileges")
        self._run("pg_restore", *told, f"--file={statements}", path, database="")
        self._run(
            *("psql", "--quiet", "--single-transaction", "--no-psqlrc"),
            *("--set=ON_ERROR_STOP=1", "--output=/dev/null"),
            *("--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public"),
            f"--file={statements}",
        )
        connection.close()
        with connection.cursor() as cursor:
            return _rows(cursor.execute, TABLES_OF_POSTGRESQL)

    def _restore(self, path, name):
        told = ("--no-owner", "--no-privileges", "--single-transaction")
        self._run("pg_restore", *told, f"--dbname={name}", path, database="")

    def _run(self, program, *words, database=None):
        """Runs one of its programs on a database: that of the site by default."""
        settings = connection.settings_dict
        name = settings["NAME"] if database is None else database
        words, environment = connection.client.settings_to_cmd_args_env(
            {**settings, "NAME": name or "postgres"}, [str(word) for word in words]
        )
        words = [program, *(words[1:] if name else words[1:-1])]
        try:
            done = subprocess.run(  # noqa: S603  the programs of PostgreSQL
                words,
                env={**os.environ, **(environment or {})},
                capture_output=True,
                text=True,
                check=False,
            )
        except FileNotFoundError:
            raise BackupError(
                f"There is no program {program} here; install PostgreSQL's client "
                "programs, in the version of the server or a later one (Debian and "
                "Ubuntu: apt install postgresql-client)."
            ) from None
        if done.returncode:
            raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _address_of(name):
    """The address of another database of the server of the site."""
    url = urlsplit(os.environ["DATABASE_URL"])
    return urlunsplit(url._replace(path=f"{url.path.rpartition('/')[0]}/{name}"))
