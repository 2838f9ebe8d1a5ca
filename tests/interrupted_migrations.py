"""Migrations that are killed on the way, each from the state that it begins with.

    python -m tests.interrupted_migrations STEPS EACH SEED

The database is an old one. It is brought up to some migration of ours that is drawn by
lot; so many steps from there on are each undisturbed once, and killed so many times
before or after one of the statements that write. Called again such a migration must
end with the same schema and rows; the next one then begins where it would have begun.
Prints as JSON how many were killed, and what was wrong.
"""

import gc
import json
import os
import random
import signal
import sys
from functools import partial

import django
from django.core.management import call_command

from tests.interrupted import MOMENT
from tests.killing import Statements, copies_of, kill_me, measured, run

OURS = ("provenance", "entities", "timeline")

LAST = ("what", "follows")
READ = ("SELECT", "PRAGMA", "SHOW", "WITH")


class Writes(Statements):
    """Counts the statements that write."""

    def counts(self, sql):
        return not str(sql).lstrip().upper().startswith(READ)


def executor():
    """What migrates, without what the command does before and after that."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    return MigrationExecutor(connection)


def steps():
    """The migrations that are missing, in their order."""
    loaded = executor()
    plan = loaded.migration_plan(loaded.loader.graph.leaf_nodes())
    return [(migration.app_label, migration.name) for migration, _is_back in plan]


def found():
    """The schema, the rights, and the rows of the record without their moments."""
    from django.db import connection

    from tests.databases import address_of
    from tests.project.test_migrations import columns, opened, rights, rows, schema

    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else address_of(name)
    with opened(url) as database:
        held = repr(rows(database, columns(database)))
        return schema(database), rights(database), MOMENT.sub("", held)


def migrated(step):
    """Does a migration, or what follows the last one: rights for what is new."""
    if step == LAST:
        call_command("migrate", verbosity=0)
    else:
        executor().migrate([step])


class Step:
    """One migration: the state before it and after it, if nobody disturbs it."""

    def __init__(self, databases, step):
        self.databases, self.name = databases, ".".join(step)
        self.act = partial(migrated, step)
        databases.use("before")
        self.writes, _seconds = measured(self.act, Writes())
        self.after = found()
        databases.keep("after")

    def fault(self, chance):
        """What is wrong after it was killed once and called again, if anything is."""
        self.databases.use("before")
        fatal, before = chance.randint(1, self.writes + 1), chance.random() < 0.5
        ended = run(self.act, Writes(fatal, before), when_done=kill_me)
        again, now = run(self.act), found()
        if (ended, again, now) == (-signal.SIGKILL, 0, self.after):
            return None
        point = f"{'before' if before else 'after'} write {fatal} of {self.writes}"
        same = [is_one == was for is_one, was in zip(now, self.after, strict=True)]
        return f"{self.name} {point}: ended with {ended}, then {again}; same: {same}"


def main(number, each, seed):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    gc.disable()  # it would write to what is shared with each that is forked
    from django.db import connection

    databases, chance = copies_of(connection), random.Random(seed)
    missing, faults, tried = [*steps(), LAST], [], 0
    ours = [step for step in missing if step[0] in OURS or step == LAST]
    first = missing.index(chance.choice(ours))
    try:
        assert run(lambda: executor().migrate(missing[:first])) == 0
        databases.keep("before")
        for step in missing[first : first + int(number)]:
            one = Step(databases, step)
            wrong = [one.fault(chance) for _time in range(int(each))]
            faults += filter(None, wrong)
            tried += len(wrong)
            databases.use("after")
            databases.keep("before")
    finally:
        connection.close()
        databases.close()
    print(json.dumps({"tried": tried, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])
