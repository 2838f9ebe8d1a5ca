"""Changes that are killed on the way, and what is on record afterwards.

    python -m tests.interrupted CYCLES SEED [unprotected]

Each cycle begins with a fresh copy of the database, forks a process that imports some
tables, takes such an import back, edits many records at once, merges two, saves a form
or does what a worker is asked for, and kills it: before or after one of its statements,
after a share of the time that it takes, or when it has committed and has not said so.
All of it was done once before in the process that is forked, so that a cycle costs what
is written in it; and few rows make all the statements that many do. Then all of it must
be on record or nothing, and whoever repeats it must come to the end that he would have
come to at once. Prints as JSON how often each was found for each thing that was done,
and what was wrong. Without the protection that is tried here something must be.
"""

import gc
import json
import os
import random
import re
import signal
import sys
from collections import Counter, defaultdict
from contextlib import nullcontext
from types import SimpleNamespace

import django
from django.test import Client

from tests.killing import Statements, copies_of, kill_me, measured, run

WAYS = ("statement", "statement", "time", "time", "done")
MOMENT = re.compile(  # as the driver of one database or of the other shows it
    r"datetime\.datetime\([0-9, ]+(?:tzinfo=datetime\.timezone\.utc)?\)"
    r"|'[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9.]+'"
)


# What is done ---------------------------------------------------------------------


def sheets(**tables):
    from provenance.tables import open_sheet, write_table

    return [
        (name, open_sheet(write_table(rows[0], rows[1:]).encode()))
        for name, rows in tables.items()
    ]


def officials(numbers, note=""):
    head = ["slug", "name", "family_name", "public_note"]
    return [head, *([f"o-{n}", f"Ana Núñez {n}", f"Núñez {n}", note] for n in numbers)]


def places(numbers, kind="city"):
    return [
        ["slug", "name", "kind"],
        *([f"p-{n}", f"Place {n}", kind] for n in numbers),
    ]


def begin():
    """What is on record before, and who is signed in."""
    from django.contrib.auth.models import User

    from provenance.imports.uploads import preview, receive
    from provenance.resources.importing import finish, import_tables

    curator = User.objects.create_superuser("curator")
    desk.force_login(curator)

    agencies = [[f"a-{n}", f"Bureau {n}", "ministry"] for n in range(5)]
    import_tables(
        sheets(
            sources=[["slug", "title", "kind"], ["the-source", "A report", "law"]],
            officials=officials(range(30)),
            places=places(range(10)),
            agencies=[["slug", "name", "kind"], *agencies],
        )
    )
    lines = "".join(f"w-{n},Town {n},city\n" for n in range(30))
    data = f"slug,name,kind\n{lines}".encode()
    finish(preview(receive(curator, "places", "places.csv", data)))


def edit():
    """An import of people and places new and changed, and of meetings."""
    from provenance.resources.importing import import_tables

    names = ["official", "text", "kind", "language"]
    meetings = [[f"m-{n}", f"Call {n}", f"2025-0{n % 9 + 1}"] for n in range(10)]
    took_part = [[f"m-{n}", f"o-{n * 3}", "", "host"] for n in range(10)]
    return import_tables(
        sheets(
            officials=officials(range(10, 50), "=“seen”\nagain"),
            official_names=[
                names,
                *([f"o-{n}", f"A. N. {n}", "short", "es"] for n in range(20)),
            ],
            places=places(range(20), "site"),
            meetings=[["slug", "title", "start"], *meetings],
            participations=[["event", "official", "agency", "role"], *took_part],
        )
    )


def reading():
    """A reading of a source: new records, and claims of others."""
    from provenance.models import Source
    from provenance.resources.importing import Attribution, import_tables

    agencies = [[f"a-{n}", f"Office {n}", "ministry"] for n in range(10)]
    people = [row[:3] for row in officials(range(50))]
    for row in people[1:20:2]:
        row[1] += " the elder"
    return import_tables(
        sheets(
            officials=people,
            places=places(range(20), "site"),
            agencies=[["slug", "name", "kind"], *agencies],
        ),
        attribution=Attribution(Source.objects.get(), "p. 3"),
    )


def take_back():
    """The last import but one is taken back."""
    from provenance.history.undo import CannotUndo, undo
    from provenance.models import ChangeSet

    try:
        undo(ChangeSet.objects.get(number=2))
    except CannotUndo as error:
        if "nothing to take back" not in error.messages[0]:
            raise


def edit_many():
    """All records of a kind are given a value at once."""
    from entities.models import Place
    from provenance.admin.bulk_edit import edit_all
    from provenance.tracking.changes import changing

    with changing("action", reason="All of them are sites."):
        if others := list(Place.objects.exclude(kind="site")):
            edit_all(Place, others, {"kind": "site"}, {})


def merge_two():
    """One record is made of two."""
    from entities.models import Official
    from provenance.merging.merge import merge

    if other := Official.objects.filter(slug="o-1").first():
        merge(Official.objects.get(slug="o-0"), other, "They are one.")


def save_a_form():
    """A form is sent, with rows beside the record."""
    sent = {"slug": "nogales", "name": "Nogales", "kind": "city", "status": "draft"}
    sent |= {"seen_version": "", "private_note": "Two names, and more to come."}
    sent |= {"citations-TOTAL_FORMS": "0", "citations-INITIAL_FORMS": "0"}
    sent |= {"names-TOTAL_FORMS": "2", "names-INITIAL_FORMS": "0"}
    for number, text in enumerate(("Heroica Nogales", "Ambos Nogales")):
        row = {"text": text, "kind": "alias", "language": "es"}
        sent |= {f"names-{number}-{name}": value for name, value in row.items()}
    answer = desk.post("/admin/entities/place/add/", sent)
    assert answer.status_code in (200, 302), answer.content  # 200: it is there already


def work():
    """A worker imports what was seen of an upload."""
    from provenance.imports import queue
    from provenance.models import Upload

    upload = Upload.objects.get()
    queue.write.call(str(upload.pk), upload.seal)


desk = Client(SERVER_NAME="localhost")  # the browser of who is signed in
ACTS = {  # what is done, to which copy of the database
    "an import": (edit, "begun"),
    "an import of what a source says": (reading, "begun"),
    "a bulk edit": (edit_many, "begun"),
    "a merge": (merge_two, "begun"),
    "a form": (save_a_form, "begun"),
    "a worker": (work, "begun"),
    "undo of an import": (take_back, "edited"),
    "undo of what a source says": (take_back, "read"),
}


# What is found --------------------------------------------------------------------


def found():
    """Every row of every table, history and all; and the same without its moments."""
    from tests.digests import rows_of_all_tables

    rows = repr(rows_of_all_tables())
    return SimpleNamespace(rows=rows, timeless=MOMENT.sub("", rows))


def wrong_history():
    """What history does not say of the tables."""
    from tests.replaying import change_numbers, replayed, tables

    numbers = change_numbers()
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the changes are {numbers}"
    if replayed() != tables():
        yield "history says something else than the tables"


class Tried:
    """One thing to do: what it takes, and what is on record before it and after.

    That history says what the tables hold is looked at here. Later on it is enough that
    the same is found as was found here, to the last row.
    """

    def __init__(self, databases, name):
        self.name, self.databases, self.ways = name, databases, WAYS
        self.act, self.start = ACTS[name]
        databases.use(self.start)
        self.act()
        databases.use(self.start)
        self.before = found()
        self.statements, self.seconds = measured(self.act)
        self.after = found()
        assert self.after.timeless != self.before.timeless
        assert not list(wrong_history())

    def cycle(self, chance):
        """Kills it once: what is on record then, and what is wrong with that."""
        from django.db import connection

        self.databases.use(self.start)
        ended, point = self._killed(chance)
        if ended == 0:  # it was faster
            self.databases.use(self.start)
            ended, point = run(self.act, when_done=kill_me), "when it was done"
        with connection.cursor() as cursor:
            faults = [str(row) for row in self.databases.damage(cursor)]
        now = found()
        state = "half"
        if now.rows == self.before.rows:
            state = "nothing"
        elif now.timeless == self.after.timeless:
            state = "all"
        else:
            faults.append("neither nothing nor all of it is on record")
        if ended != -signal.SIGKILL:
            faults.append(f"it ended with {ended}")
        if state == "nothing":
            self.databases.count_anew()
        if run(self.act) != 0:
            faults.append("it cannot be repeated")
        again = found()
        if state == "all" and again.rows != now.rows:
            faults.append("it was done twice")
        if again.timeless != self.after.timeless:
            faults.append("its repetition comes to another end")
        return state, [f"{self.name}, {point}: {fault}" for fault in faults]

    def _killed(self, chance):
        how = chance.choice(self.ways)
        if how == "statement":
            fatal, before = chance.randint(1, self.statements), chance.random() < 0.5
            point = f"{'before' if before else 'after'} statement {fatal}"
            return run(self.act, Statements(fatal, before)), point
        if how == "time":
            share = chance.uniform(0, 1.1)
            patience = share * self.seconds
            return run(self.act, patience=patience), f"after {share:.3f} of its time"
        return run(self.act, when_done=kill_me), "when it was done"


def take_away_the_protection():
    """A change is no transaction from now on; only its parts are."""
    from provenance.tracking import changes

    changes.transaction = SimpleNamespace(
        atomic=nullcontext, get_rollback=lambda: False
    )


def main(cycles, seed, *options):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    gc.disable()  # it would write to what is shared with each that is forked
    from django.db import connection

    databases = copies_of(connection)
    chance, counted, faults = random.Random(seed), defaultdict(Counter), []
    names = chance.sample(list(ACTS), min(int(cycles), len(ACTS)))
    if "unprotected" in options:
        names = ["an import"]
    begin()
    databases.keep("begun")
    try:
        for act, name in ((edit, "edited"), (reading, "read")):
            databases.use("begun")
            assert run(act) == 0
            databases.keep(name)
        tried = {name: Tried(databases, name) for name in names}
        if "unprotected" in options:
            take_away_the_protection()
            for each in tried.values():  # later on it looks at what it has written
                each.ways, each.statements = ("statement",), each.statements // 4
        for number in range(int(cycles)):
            name = names[number % len(names)]
            state, wrong = tried[name].cycle(chance)
            counted[name][state] += 1
            faults += wrong
    finally:
        connection.close()
        databases.close()
    print(json.dumps({"found": counted, "faults": faults}))


if __name__ == "__main__":
    main(*sys.argv[1:])
