"""Mappings in which a start and an end narrow each other; what is stated is kept."""

import pytest

from provenance.imports.mapping import Mapping, MappingError
from provenance.resources.importing import Attribution, import_tables
from provenance.tables import write_table
from tests import make
from timeline.models import Deployment

pytestmark = pytest.mark.django_db

EXERCISES = """
name = "Exercises"
[deployments]
intersect = ["start", "end"]
slug = {from = "title"}
title = {from = "title"}
kind = "exercise"
start = {from = "from"}
end = {from = "to"}
"""


def read(*rows):
    """The sheets that the mapping makes of such rows."""
    mapping = Mapping.from_toml(EXERCISES)
    data = write_table(["title", "from", "to"], rows).encode()
    return mapping.apply(mapping.opened(data))


@pytest.mark.parametrize(
    ("given", "made"),
    [
        (("2006", "2006-08-09"), ("[2006-01-01..2006-08-09]", "2006-08-09")),
        (("2006-08", "2006"), ("2006-08", "[2006-08-01..2006-12-31]")),
        (("2006-08-09", "[..2006-08-09]"), ("2006-08-09", "2006-08-09")),
        (("[..2006]", "2005"), ("[..2005-12-31]", "2005")),
        (("2006?", "2006-08-09"), ("2006?", "2006-08-09")),
        (("2006", ".."), ("2006", "..")),
        (("2006", ""), ("2006", "")),
        (("2007", "2006"), ("2007", "2006")),
    ],
)
def test_dates_that_overlap_narrow_each_other_on_request(given, made):
    ((_table, sheet),) = read(("a", *given))
    ((_lines, (row,)),) = sheet.chunks()
    assert (row[sheet.headers.index("start")], row[sheet.headers.index("end")]) == made


def test_a_narrowed_date_keeps_what_its_source_states():
    source = make.a_source(slug="list")

    def imported():
        sheets = read(("ardent", "2006", "2006-08-09"))
        return import_tables(sheets, attribution=Attribution(source))

    assert not imported().is_wrong
    (one,) = Deployment.objects.all()
    assert (one.start, one.end) == ("[2006-01-01..2006-08-09]", "2006-08-09")
    cited = one.citations.filter(field__in=["start", "end"])
    assert dict(cited.values_list("field", "stated")) == {"start": "2006", "end": ""}
    assert imported().change is None  # the second time it says nothing new


def test_what_narrows_is_a_start_and_an_end():
    for wrong in ('["start"]', '["start", "title"]', '["start", "begun"]'):
        with pytest.raises(MappingError) as refused:
            Mapping.from_toml(EXERCISES.replace('["start", "end"]', wrong))
        assert str(refused.value) == (
            "deployments.intersect: name a start and an end of the section, as "
            "[“start”, “end”]."
        )
