"""A record made many times as large by the database alone, to be measured on.

Events, posts with their holders and observations come again, with all that belongs to
them and their history, under keys and slugs of their own; people, agencies, places and
sources stay as they are. To write as many rows one by one takes hours, this minutes.
"""

import sqlite3
from contextlib import closing

from django.apps import apps

FURTHER = 10_000_000  # a key of each copy from the one before
TOLD_APART_BY = ("slug", "population")  # texts that no two may share
OURS = ("provenance", "entities", "timeline")


def multiply(path, times):
    """Has each grown table of an SQLite file hold its rows so many times."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "cache_size = -800000",
        ):
            database.execute(f"PRAGMA {pragma}")
        models = grown()
        tables = {model._meta.db_table for model in models}
        taken_off = _take_off(database, tables)
        for model in models:
            database.execute("BEGIN")
            for number in range(1, times):
                database.execute(_copying(model, models, number))
            database.execute("COMMIT")
        for statement in taken_off:
            database.execute(statement)


def grown():
    """The models of what comes again, each behind what it refers to."""
    from entities.models import Post
    from timeline.models import Event, Observation

    every = [m for label in OURS for m in apps.get_app_config(label).get_models()]
    found, more = {Event, Post, Observation}, True
    while more:
        more = {
            model
            for model in every
            if model not in found
            and any(f.related_model in found for f in model._meta.local_concrete_fields)
        }
        found |= more
    found |= {model for model in every if _kept_of(model) in found}
    return [model for model in every if model in found]


def _kept_of(model):
    """What a model of history is about; None of another."""
    return getattr(model, "instance_type", None)


def _take_off(database, tables):
    """Drops what would be kept with each row; returns the statements to put it back."""
    found = database.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master "
        "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    found = [each for each in found if each[2] in tables]
    for kind, name, _table, _sql in found:
        database.execute(f'DROP {kind} "{name}"')
    return [sql for _kind, _name, _table, sql in found]


def _copying(model, models, number):
    table, meta = f'"{model._meta.db_table}"', model._meta
    fields = meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    read = ", ".join(_copied(field, model, models, number) for field in fields)
    key = f'"{meta.pk.column}"'
    return (
        f"INSERT INTO {table} ({columns}) SELECT {read} FROM {table} "  # noqa: S608
        f"WHERE {key} < {FURTHER}"
    )


def _copied(field, model, models, number):
    column = f'"{field.column}"'
    about = _kept_of(model)
    is_its_key = field.primary_key or (about and field.name == about._meta.pk.name)
    if is_its_key or field.related_model in models:
        return f"{column} + {number * FURTHER}"
    return f"{column} || '-{number}'" if field.name in TOLD_APART_BY else column
