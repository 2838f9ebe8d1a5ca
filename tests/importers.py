"""Programs that import at the same time, each a process of its own.

    python -m tests.importers FILE...

Each reads one file into the table of places; all begin when all are ready. Prints as
JSON what became of the rows of each, and the number of the change that it made.
"""

import json
import os
import sys
from pathlib import Path

import django

from tests.at_once import at_once


def read_file(path, meet):
    """Imports a file once everybody is ready to; what became of it."""
    from provenance.resources.importing import import_tables
    from provenance.tables import open_sheet

    sheet = open_sheet(Path(path).read_bytes())
    meet.wait()
    imported = import_tables([("places", sheet)])
    (outcome,) = imported.outcomes
    counts = {str(kind): number for kind, number in outcome.counts.items() if number}
    change = imported.change and imported.change.number
    return [path, counts, change, [str(fault) for fault in outcome.faults]]


def main(*paths):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    print(json.dumps(at_once(read_file, *[(path,) for path in paths])))


if __name__ == "__main__":
    main(*sys.argv[1:])
