"""Imports and take-backs that are killed, or meet: all or nothing, one by one."""

import json
import os
import subprocess
import sys
from collections import Counter

import pytest
from django.db import connection

from provenance.tables import write_table
from tests.at_once import for_others
from tests.depth import cases, drawn_by, in_depth, once, times

pytestmark = pytest.mark.django_db(transaction=True)

INTERRUPTIONS = times(once(2, 1), once(16, 8), 96)


@pytest.fixture
def elsewhere(tmp_path):
    """An empty database for programs of their own; runs one, and reads what it says."""
    url = for_others(tmp_path)
    if connection.vendor != "sqlite":
        connection.close()
        connection.close_pool()  # nobody may be there while it is copied

    def run(program, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", f"tests.{program}", *map(str, arguments)],
            env={**os.environ, "DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run


@pytest.mark.proves("kill -9 in")
def test_what_is_killed_on_the_way_is_done_or_not_begun_and_can_be_repeated(
    elsewhere, figure
):
    tried = elsewhere("interrupted", INTERRUPTIONS, drawn_by())
    print(f"found: {tried['found']}")
    states = Counter()
    for name, found in tried["found"].items():
        wrong = [fault for fault in tried["faults"] if fault.startswith(f"{name}, ")]
        figure(sum(found.values()), len(wrong), name)
        states.update(found)
    assert tried["faults"] == []
    assert states.total() == INTERRUPTIONS
    assert states.keys() <= {"all", "nothing"}


@in_depth("It shows that the test above can fail.")
def test_without_one_transaction_an_import_is_found_half_done(elsewhere):
    """That the test above can fail."""
    tried = elsewhere("interrupted", cases(3, 5), 1, "unprotected")
    assert tried["found"]["an import"].get("half")
    assert tried["faults"]


def files_of_places(folder, *several):
    """Files with a place for each of these slugs."""
    for name, slugs in enumerate(several):
        rows = [[slug, f"Place {slug}", "city"] for slug in slugs]
        path = folder / f"{name}.csv"
        path.write_text(write_table(["slug", "name", "kind"], rows), newline="")
        yield str(path)


def test_imports_that_meet_are_done_one_after_the_other(elsewhere, tmp_path):
    slugs = [[f"p-{n}-{m}" for m in range(300)] for n in range(4)]
    files = list(files_of_places(tmp_path, *slugs))
    told = elsewhere("importers", *files)
    paths, counts, changes, faults = map(list, zip(*sorted(told), strict=True))
    assert paths == files
    assert counts == [{"new": 300}] * 4
    assert sorted(changes) == [1, 2, 3, 4]
    assert faults == [[]] * 4


@in_depth("Others meet in the quick run, by the same means.")
def test_a_file_that_is_imported_twice_at_once_is_written_once(elsewhere, tmp_path):
    (path,) = files_of_places(tmp_path, [f"p-{n}" for n in range(300)])
    told = elsewhere("importers", path, path, path)
    assert sorted(told, key=lambda each: each[2] or 2) == [
        [path, {"new": 300}, 1, []],
        [path, {"same": 300}, None, []],
        [path, {"same": 300}, None, []],
    ]
