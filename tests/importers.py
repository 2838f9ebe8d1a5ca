"""Programs that import at the same time, each a process of its own.

    python -m tests.importers FILE...

Each reads one file into the table of places; all begin when all are ready. Prints as
JSON what became of the rows of each, and the number of the change that it made.
"""

import json
import multiprocessing
import os
import sys
from pathlib import Path

import django


def read_file(path, meet, outcomes):
    """Imports a file once everybody is ready to."""
    from provenance.importing import import_tables
    from provenance.tables import open_sheet

    sheet = open_sheet(Path(path).read_bytes())
    meet.wait()
    imported = import_tables([("places", sheet)])
    (outcome,) = imported.outcomes
    counts = {str(kind): number for kind, number in outcome.counts.items() if number}
    change = imported.change and imported.change.number
    outcomes.put([path, counts, change, [str(fault) for fault in outcome.faults]])


def main(*paths):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    fork = multiprocessing.get_context("fork")
    meet, outcomes = fork.Barrier(len(paths), timeout=60), fork.SimpleQueue()
    processes = [
        fork.Process(target=read_file, args=(path, meet, outcomes)) for path in paths
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        sys.exit("Not all were imported.")
    print(json.dumps([outcomes.get() for _process in processes]))


if __name__ == "__main__":
    main(*sys.argv[1:])
