"""Passes folders of tables through an empty database.

    python -m tests.passing FROM TO [FROM TO ...]

Loads a folder, writes what is on record into another one, and loads that, untouched;
after that the database is as empty as before. Prints as JSON of each pair what the
last load said, and whether it left every row of every table as it was.
"""

import io
import json
import os
import sys

import django
from django.core.management import CommandError, call_command
from django.db import transaction


def pass_through(source, target):
    """Loads a folder and dumps it; what a load of the dump says, and if it is idle."""
    from tests.digests import digest

    silent = io.StringIO()
    with transaction.atomic():
        try:
            call_command("load", str(source), stdout=silent, stderr=silent)
        except CommandError as error:
            error.add_note(silent.getvalue())
            raise
        call_command("dump", str(target), stdout=silent, stderr=silent)
        before, said = digest(), io.StringIO()
        call_command("load", str(target), stdout=said, stderr=silent)
        is_idle = digest() == before
        transaction.set_rollback(True)
    return [said.getvalue(), is_idle]


def main(*folders):
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    pairs = zip(folders[::2], folders[1::2], strict=True)
    print(json.dumps([pass_through(*pair) for pair in pairs]))


if __name__ == "__main__":
    main(*sys.argv[1:])
