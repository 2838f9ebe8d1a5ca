r"""A database from before each app had one migration goes on with that one.

What it held then lies in ``unsquashed``, by the kind of database. It was made in a
checkout of the last commit with the many migrations, which is the one before::

    git log -1 --diff-filter=D -- provenance/migrations/0006_words.py

There, with DEBUG=1, AFTER the path of ``unsquashed``, and DATABASE_URL either
sqlite:///before.sqlite3 or postgres:///before, an empty database of PostgreSQL 15::

    mkdir few
    cp fixtures/sources.csv fixtures/officials.csv fixtures/metrics.csv few
    grep -E '^(type|official|metric),' fixtures/citations.csv > few/citations.csv
    python manage.py migrate
    python manage.py load few
    sqlite3 before.sqlite3 .dump | gzip -9n > $AFTER/sqlite.sql.gz
    pg_dump --inserts --no-owner before | grep -v '^\\' | gzip -9n \
        > $AFTER/postgresql.sql.gz
"""

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from contextlib import closing
from pathlib import Path

import environ
import psycopg
import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from provenance.models import KnownWord
from provenance.tracking.tracked import SearchTextField
from provenance.values.collation import sort_key
from tests import PROJECT
from tests.databases import an_empty_one
from tests.depth import drawn_by, in_depth, times
from tests.interrupted_migrations import OURS

pytestmark = [
    pytest.mark.database,
    in_depth("It goes through all migrations, for half a minute."),
]

# So many steps from one that is drawn by lot, each of them so often.
KILLED = times(("1", "1"), ("2", "2"), ("6", "4"))
UNSQUASHED = Path(__file__).parent / "unsquashed"

# Everything that stands in the schema, by a name and what is said of it.
OF_SQLITE = "SELECT type || ' ' || name, sql FROM sqlite_master"
OF_POSTGRESQL = """
    SELECT table_name || '.' || column_name,
        concat_ws(' ', data_type, character_maximum_length, numeric_precision,
            is_nullable, column_default, identity_generation)
        FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT indexname, indexdef
        FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT tgrelid::regclass || ' ' || tgname, pg_get_triggerdef(oid)
        FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT proname, pg_get_functiondef(oid)
        FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
COLUMNS = {
    "sqlite": "SELECT tables.name, columns.name FROM sqlite_master AS tables "
    "JOIN pragma_table_info(tables.name) AS columns WHERE tables.type = 'table'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns "
    "WHERE table_schema = 'public'",
}
# Columns of rows that stand in a table of their own by now: the capacities of people.
MOVED = {
    "timeline_participation": ("appointment_id",),
    "timeline_historicalparticipation": ("appointment_id",),
}
# What each role may do, by names: the numbers of rows depend on how they came about.
RIGHTS = """
    SELECT auth_group.name, app_label, model, codename FROM auth_group
    JOIN auth_group_permissions ON group_id = auth_group.id
    JOIN auth_permission ON permission_id = auth_permission.id
    JOIN django_content_type ON content_type_id = django_content_type.id
"""


def schema(database):
    """What stands in the schema; the columns of a table in any order."""
    if connection.vendor == "postgresql":
        return sorted(database.execute(OF_POSTGRESQL).fetchall())
    return sorted(
        (name, sorted((sql or "").partition(" (")[2].removesuffix(")").split(", ")))
        if name.startswith("table ")
        else (name, sql)
        for name, sql in database.execute(OF_SQLITE).fetchall()
    )


def rights(database):
    return sorted(database.execute(RIGHTS).fetchall())


def columns(database):
    """The columns of each table of the record and its history.

    But for what is searched, of which there is more by now.
    """
    models = [m for label in OURS for m in apps.get_app_config(label).get_models()]
    models.remove(KnownWord)
    ours, found = {model._meta.db_table for model in models}, defaultdict(list)
    for table, column in database.execute(COLUMNS[connection.vendor]).fetchall():
        if table in ours and column not in ("search_text", *MOVED.get(table, ())):
            found[table].append(column)
    return found


def rows(database, tables):
    """What these columns hold, by table."""
    return {table: sorted(_rows_of(table, database, tables[table])) for table in tables}


def _rows_of(table, database, names):
    names = ", ".join(f'"{name}"' for name in sorted(names))
    return map(repr, database.execute(f'SELECT {names} FROM "{table}"'))  # noqa: S608  a table of ours


def searched(database):
    """What past versions of sources are found by, each with what it is made of."""
    columns = "title, slug, publisher, author, public_note, search_text"
    found = database.execute(f"SELECT {columns} FROM provenance_historicalsource")  # noqa: S608  a table of ours
    return [(texts, text) for *texts, text in found.fetchall()]


def named(database):
    """The names of some tables, with history, each with what it is ordered by."""
    tables = {
        "provenance_historicalsource": "title",
        "entities_official": "name",
        "timeline_event": "title",
    }
    return [
        pair
        for table, name in tables.items()
        for pair in database.execute(f"SELECT {name}, sort_key FROM {table}").fetchall()  # noqa: S608  a table of ours
    ]


def applied(database):
    """The migrations of ours that a database has had."""
    found = database.execute("SELECT app, name FROM django_migrations").fetchall()
    return {(app, name) for app, name in found if app in OURS}


def replaced():
    """The migrations that those of ours stand for."""
    found = MigrationLoader(None).replacements
    return {
        old for (app, _), new in found.items() if app in OURS for old in new.replaces
    }


def opened(url):
    """The database at an address."""
    if connection.vendor == "postgresql":
        told = environ.Env.db_url_config(url)
        names = {"dbname": "NAME", "host": "HOST", "port": "PORT"}
        names |= {"user": "USER", "password": "PASSWORD"}
        said = {ours: told[name] for ours, name in names.items() if told[name]}
        return closing(psycopg.connect(**said, autocommit=True))
    return closing(sqlite3.connect(url.removeprefix("sqlite:///")))


def restore(url):
    """Writes into an empty database what one held before."""
    sql = gzip.decompress((UNSQUASHED / f"{connection.vendor}.sql.gz").read_bytes())
    with opened(url) as database:
        run = getattr(database, "executescript", database.execute)
        run(sql.decode())


def migrate(url):
    """Brings a database up to date; what it complains of."""
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": url},
        stderr=subprocess.PIPE,
        text=True,
    )
    return done.stderr


@pytest.mark.django_db
def test_a_database_of_many_migrations_goes_on_with_one_per_app(tmp_path):
    with an_empty_one(tmp_path) as url:
        restore(url)
        with opened(url) as database:
            tables = columns(database)  # there are more of both by now
            before = rows(database, tables)
            assert applied(database) == replaced()
        assert migrate(url) == ""
        with opened(url) as database, connection.cursor() as fresh:
            assert rows(database, tables) == before
            assert named(database) == [(n, sort_key(n)) for n, _key in named(database)]
            assert searched(database) == [
                (texts, SearchTextField.text_of(texts[:1], texts[1:]))
                for texts, _text in searched(database)
            ]
            assert schema(database) == schema(fresh)
            assert rights(database) == rights(fresh)
    written = {table for table, of_table in before.items() if of_table}
    assert all(any(table.startswith(label) for table in written) for label in OURS)


@pytest.mark.proves("migrations that are killed")
@pytest.mark.django_db
def test_one_that_is_killed_on_the_way_goes_on_where_it_was(tmp_path, figure):
    with an_empty_one(tmp_path) as url:
        restore(url)
        done = subprocess.run(
            [sys.executable, "-m", "tests.interrupted_migrations", *KILLED, drawn_by()],
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
        )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    figure(told["tried"], len(told["faults"]))
    assert told["faults"] == []
