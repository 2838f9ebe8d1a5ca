"""django-import-export's own doors lead to the one way in, and out."""

import io

import pytest
import tablib
from django.core.management import call_command

from entities.models import Place
from provenance.models import ChangeSet
from tests import make
from tests.folders import read_in
from timeline.records import TABLES

pytestmark = pytest.mark.django_db

HEADERS = ["slug", "status", "name", "kind"]


def dataset(*rows):
    return tablib.Dataset(*rows, headers=HEADERS)


def test_a_data_set_is_written_as_one_change_with_its_history():
    result = TABLES["places"]().import_data(
        dataset(("nogales", "draft", "'=Nogales", "city"), ("a", "draft", "A", "city"))
    )
    assert not result.has_errors()
    assert result.totals["new"] == 2
    change = ChangeSet.objects.get()
    assert (change.path, change.reason) == ("import", "import of a data set")
    assert {row.change_set for row in Place.history.all()} == {change}
    assert Place.objects.get(slug="nogales").name == "=Nogales"


def test_a_wrong_row_keeps_all_out_and_is_told_with_line_and_column():
    wrong = dataset(("nogales", "draft", "N", "city"), ("b", "draft", "B", "town"))
    result = TABLES["places"]().import_data(wrong)
    assert [str(error.error).split(":")[0] for error in result.base_errors] == [
        'line 3, column "kind"'
    ]
    assert not Place.objects.exists()
    with pytest.raises(ValueError, match="is not a valid choice"):
        TABLES["places"]().import_data(wrong, raise_errors=True)


def test_its_commands_take_back_what_they_gave():
    make.a_source("=1+1", slug="formula", status="draft")
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    call_command("export", "CSV", "provenance.resources.SourceResource", stdout=out)
    written = out.buffer.getvalue()
    assert b"'=1+1" in written
    before = ChangeSet.objects.first()
    assert read_in("sources", written).counts["same"] == 1
    assert ChangeSet.objects.first() == before


@pytest.mark.parametrize("name", TABLES)
def test_every_table_goes_out_by_it(record, name):
    exported = TABLES[name]().export()
    assert len(exported) == len(TABLES[name]().rows())
    result = TABLES[name]().import_data(exported)
    assert not result.base_errors
    assert result.totals["skip"] == len(exported)
