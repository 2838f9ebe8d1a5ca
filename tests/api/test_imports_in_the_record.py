"""The curated record over the API: every table goes in as it came out."""

import pytest

from provenance.resources.importing import tables
from provenance.review.roles import DATA_MANAGER
from tests.folders import FIXTURES, files_of
from tests.roles import somebody
from tests.writing import program

FILES = files_of(FIXTURES)


@pytest.mark.parametrize("table", tables())
def test_every_table_goes_in_as_it_is_on_record(record, table):
    client = program(somebody(DATA_MANAGER))
    answer = client.generic(
        "POST", f"/api/v1/imports/?table={table}", FILES[f"{table}.csv"], "text/csv"
    )
    body = answer.json()
    assert answer.status_code == 200, body
    assert body["counts"]["same"] == body["rows"]
    assert (body["table"], body["change"]) == (table, None)
