"""Processes that do something at the same time, and the database as they reach it."""

import multiprocessing
import sqlite3
import sys
from contextlib import ExitStack, closing

from django.db import connection

from tests.databases import address_of

PATIENCE = 300  # seconds for all to meet; and for each to end


def at_once(work, *calls):
    """What the work answers, called once with each of these, all at the same time.

    Each is also handed what to ``wait()`` at until all are there. Where one fails none
    goes on waiting for it, and the program ends.
    """
    fork = multiprocessing.get_context("fork")
    meet, answers = fork.Barrier(len(calls), timeout=PATIENCE), fork.SimpleQueue()

    def answer(call):
        with ExitStack() as failed:
            failed.callback(meet.abort)
            answers.put(work(*call, meet))
            failed.pop_all()

    processes = [fork.Process(target=answer, args=(call,)) for call in calls]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
        process.kill()
        process.join()
    if any(process.exitcode for process in processes):
        sys.exit(f"Not all have ended well: {[each.exitcode for each in processes]}.")
    return [answers.get() for _call in calls]


def for_others(folder):
    """The address of the database of a test, for other processes.

    That of SQLite is in memory, so they get a copy in the folder.
    """
    if connection.vendor == "sqlite":
        file = folder / "record.sqlite3"
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
            # Whoever comes first makes it so; who comes just then is refused at once.
            copy.execute("PRAGMA journal_mode = WAL")
        return f"sqlite:///{file}"
    return address_of(connection.settings_dict["NAME"])
