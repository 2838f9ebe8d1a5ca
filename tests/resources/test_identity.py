"""An export imports back as what it was: on either database, and from one to the other.

All records are passed through an empty database of the kind that the tests run on, then
through one of the other kind, then back: four folders, of which the last three are the
same to the byte.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.tables import read_table, write_table
from provenance.values.text import Line, Prose, normalized
from tests import PROJECT
from tests.depth import DEPTH, PROVE, drawn_by, once, times
from tests.digests import digest
from tests.folders import FIXTURES, files_of, read_in
from tests.hostile import BREAKS, PIECES, Tables
from tests.passing import pass_through
from timeline.models import EventCitation
from timeline.records import RECORDS, TABLES

# All of it passes through both databases, whichever the tests are run on.
pytestmark = pytest.mark.skipif(
    DEPTH != "deep" and connection.vendor == "sqlite",
    reason="It is tried on PostgreSQL, where the other database is there at once.",
)
MANY = once(10_000, 1_000)
GENERATED = times(100, MANY, 5_000)
ON_POSTGRES = PROJECT / "tests" / "on_postgres.py"


@dataclass
class Journey:
    """A folder, and what was written of it here, on the other database, here again."""

    source: Path
    said: tuple  # by a load of what was written, at each stage

    def files(self, stage):
        return files_of(self.source.with_name(f"{self.source.name}-{stage}"))


def through_the_other(pairs, file):
    """Passes folders through the other kind of database, in a process of its own.

    Where that is SQLite it is in a file.
    """
    command = [sys.executable, "-m", "tests.passing", *map(str, sum(pairs, ()))]
    if connection.vendor == "sqlite":
        command = [sys.executable, str(ON_POSTGRES), *command]
    done = subprocess.run(
        command,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{file}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    if not done.stdout:
        pytest.skip(done.stderr)  # there is no PostgreSQL; where CI is set it fails
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def hostile():
    """The tables of many records with hostile text."""
    return Tables(GENERATED, drawn_by() if PROVE else 20250205)


@pytest.fixture(scope="module")
def journeys(templates, django_db_setup, django_db_blocker, tmp_path_factory, hostile):
    """The curated record and the generated one, on their way."""
    folder = tmp_path_factory.mktemp("identity")
    hostile.write(folder / "hostile")
    (folder / "fixtures").symlink_to(FIXTURES)
    names = ["hostile"] if PROVE else ["fixtures", "hostile"]
    sources = [folder / name for name in names]

    def stage(name):
        return [source.with_name(f"{source.name}-{name}") for source in sources]

    here, there, back = map(stage, ("here", "there", "back"))
    with django_db_blocker.unblock(), templates.file(folder) as file:
        on_the_way = list(map(pass_through, sources, here))
        on_the_other = through_the_other(list(zip(here, there, strict=True)), file)
        on_the_return = list(map(pass_through, there, back))
    said = zip(on_the_way, on_the_other, on_the_return, strict=True)
    return {
        source.name: Journey(source, each)
        for source, each in zip(sources, said, strict=True)
    }


@pytest.mark.parametrize("name", ["fixtures", "hostile"])
def test_an_export_is_the_same_bytes_after_each_database(journeys, name):
    journey = journeys[name]
    here = journey.files("here")
    assert here.keys() == {f"{table}.csv" for table in TABLES}
    assert journey.files("there") == here
    assert journey.files("back") == here


def test_the_curated_record_is_the_same_bytes_as_in_its_folder(journeys):
    assert journeys["fixtures"].files("here") == files_of(FIXTURES)


@pytest.mark.parametrize("name", ["fixtures", "hostile"])
def test_an_untouched_export_is_all_the_same_and_writes_nothing(journeys, name):
    for said, is_idle in journeys[name].said:
        assert said.startswith("Nothing has changed: all ")
        assert is_idle


@pytest.mark.proves("records with hostile text, out and in again")
def test_of_hostile_text_no_cell_is_lost_or_changed(journeys, hostile, figure):
    records = 0
    for name, data in journeys["hostile"].files("back").items():
        table = read_table(data)
        if (name := name.removesuffix(".csv")) not in hostile.rows:
            assert table.rows == []
            continue
        headers = hostile.headers[name]
        places = [table.headers.index(header) for header in headers]
        kept = [[row[place] for place in places] for row in table.rows]
        assert [
            row
            for row in table.rows
            for header, cell in zip(table.headers, row, strict=True)
            if cell and header not in headers
        ] == []
        assert Counter(map(tuple, kept)) == Counter(
            tuple(kept_of(name, headers, row)) for row in hostile.rows[name]
        )
        records += len(kept) * any(name == model.collection for model in RECORDS)
    # Of each kind so many, but for dimensions, of which there may be few.
    assert records >= hostile.each * (len(RECORDS) - 1)
    figure(records)


def kept_of(name, headers, row):
    """The cells of a row as they are kept: prose may begin with a tab."""
    model = TABLES[name]()._meta.model or EventCitation  # the kinds share columns
    for header, cell in zip(headers, row, strict=True):
        column = next((f for f in model._meta.fields if f.name == header), None)
        is_prose = isinstance(column, Prose)
        yield column.to_python(cell) if is_prose else normalized(cell)


# Any text at all ------------------------------------------------------------------

# Where a cell holds NUL or a bare carriage return the file is no CSV.
SIGNS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=9)
ANY = st.lists(st.sampled_from((*PIECES, *BREAKS)) | SIGNS, max_size=5).map("".join)


def texts(field):
    """All texts that such a field takes."""

    def is_taken(text):
        try:
            return len(field.clean(text, None)) <= 300
        except ValidationError:
            return False

    return ANY.filter(is_taken)


@pytest.mark.django_db
@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(
    st.lists(st.tuples(texts(Line()), texts(Prose(blank=True))), min_size=1, max_size=4)
)
def test_any_text_that_is_taken_is_exported_and_imported_as_it_was(rows):
    with transaction.atomic():
        cells = [[f"p-{n}", "city", *row] for n, row in enumerate(rows)]
        head = ["slug", "kind", "name", "public_note"]
        sent = write_table(head, cells)
        assert read_in("places", sent).counts["new"] == len(rows)
        resource = TABLES["places"]()
        headers, kept = resource.get_export_headers(), list(resource.rows())
        own = [headers.index(name) for name in ("name", "public_note")]
        assert [tuple(row[place] for place in own) for row in kept] == [
            (normalized(line), Prose().to_python(prose)) for line, prose in rows
        ]
        before = digest()
        for text in (sent, write_table(headers, kept)):
            outcome = read_in("places", text)
            assert (outcome.faults, outcome.counts["same"]) == ([], len(rows))
        assert digest() == before
        transaction.set_rollback(True)
