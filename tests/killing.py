"""Processes that are killed while they write, each in a fresh copy of a database.

They are forked from one that has loaded all that they need: only what they do costs.
"""

import multiprocessing
import os
import shutil
import signal
import sqlite3
import time
from pathlib import Path

from django.core.management.color import no_style

FORK = multiprocessing.get_context("fork")


# Copies of the database ----------------------------------------------------------


class Files:
    """Copies of an SQLite file, all in its folder."""

    def __init__(self, connection):
        self.connection, self.settings = connection, connection.settings_dict
        self.folder = Path(self.settings["NAME"]).parent

    def keep(self, name):
        self.connection.close()
        with sqlite3.connect(self.settings["NAME"]) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        shutil.copy(self.settings["NAME"], self.folder / name)

    def use(self, name):
        self.connection.close()
        work = self.folder / "work"
        for ending in ("-wal", "-shm"):
            Path(f"{work}{ending}").unlink(missing_ok=True)
        shutil.copy(self.folder / name, work)
        self.settings["NAME"] = str(work)

    def damage(self, cursor):
        """What the database itself finds wrong."""
        cursor.execute("PRAGMA integrity_check")
        found = [row for row in cursor.fetchall() if row != ("ok",)]
        cursor.execute("PRAGMA foreign_key_check")
        return found + cursor.fetchall()

    def count_anew(self):
        """Nothing to do: counters are a part of what is rolled back."""

    def close(self):
        """Files go with their folder."""


class Server:
    """Copies of a database on a PostgreSQL server."""

    def __init__(self, connection):
        import psycopg

        self.connection, self.settings = connection, connection.settings_dict
        settings, self.base, self.made = self.settings, self.settings["NAME"], set()
        settings["OPTIONS"].pop("pool")  # a connection of its own for each process
        self.server = psycopg.connect(
            host=settings["HOST"],
            user=settings["USER"],
            dbname="postgres",
            autocommit=True,
        )

    def keep(self, name):
        self.connection.close()
        self._copy(self.settings["NAME"], f"{self.base}_{name}")

    def use(self, name):
        self.connection.close()
        work = f"{self.base}_work"
        self._copy(f"{self.base}_{name}", work)
        self.settings["NAME"] = work
        self.count_anew()

    def _copy(self, source, name):
        self.server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        self.made.add(name)

    def damage(self, cursor):
        """Waits for whom the killed one has left behind; the server keeps its rules."""
        from provenance.tracking.changes import WRITERS

        cursor.execute("SELECT pg_advisory_lock(%s)", [WRITERS])
        cursor.execute("SELECT pg_advisory_unlock(%s)", [WRITERS])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        return []

    def count_anew(self):
        """Sets the counters back, which a server leaves as they are."""
        tables = self.connection.introspection.django_table_names(only_existing=True)
        models = self.connection.introspection.installed_models(tables)
        with self.connection.cursor() as cursor:
            for sql in self.connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(sql)

    def close(self):
        for name in self.made:
            self.server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self.server.close()


def copies_of(connection):
    """What makes copies of the database that a connection leads to."""
    return {"sqlite": Files, "postgresql": Server}[connection.vendor](connection)


# The one that is killed -----------------------------------------------------------


def kill_me():
    os.kill(os.getpid(), signal.SIGKILL)


class Statements:
    """Counts the statements of a process, and kills it at one of them."""

    def __init__(self, fatal=0, before=True):
        self.count, self.fatal, self.before = 0, fatal, before

    def counts(self, sql):
        """Whether a statement is one of those that are counted."""
        return True

    def __call__(self, execute, sql, *asked):
        if not self.counts(sql):
            return execute(sql, *asked)
        self.count += 1
        if self.before and self.count == self.fatal:
            kill_me()
        result = execute(sql, *asked)
        if self.count == self.fatal:
            kill_me()
        return result


def run(act, statements=None, patience=None, when_done=None):
    """Does it in another process, which may be killed; how that ended."""
    from django.db import connection

    def whole():
        with connection.execute_wrapper(statements or Statements()):
            act()
        if when_done:
            when_done()

    connection.close()
    process = FORK.Process(target=whole)
    process.start()
    process.join(patience)
    process.kill()
    process.join()
    return process.exitcode


def measured(act, statements=None):
    """How many statements it takes, of those that are counted, and how long."""
    found, statements = FORK.SimpleQueue(), statements or Statements()
    begun = time.perf_counter()
    ended = run(act, statements, when_done=lambda: found.put(statements.count))
    assert ended == 0, act
    return found.get(), time.perf_counter() - begun
