"""Tables out of the record through the admin; test_import_pages.py has the way in."""

import pytest

from entities.models import Agency, Appointment, Place
from provenance.tables import read_table
from provenance.web.streaming import CSV_TYPE
from tests import make
from tests.curating import address
from tests.importing import counts, upload

pytestmark = pytest.mark.django_db


class TestExport:
    def exported(self, client, model, table=0, **query):
        answer = client.post(
            address(model, "export")
            + "?"
            + "&".join(f"{k}={v}" for k, v in query.items()),
            {"format": "0", "resource": str(table)},
        )
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == CSV_TYPE
        return answer, b"".join(answer.streaming_content)

    def test_gives_what_an_import_takes_back_without_a_change(self, curator):
        make.a_place(
            "=cmd|' /C calc'!A0", slug="formula", latitude="31.3", longitude="-1"
        )
        make.a_place("Zoë, “the” place", slug="quoted")
        answer, file = self.exported(curator, Place)
        assert 'filename="places.csv"' in answer.headers["Content-Disposition"]
        assert b"'=cmd" in file
        assert counts(upload(curator, file)) == {"same": 2}

    def test_gives_what_the_list_was_narrowed_down_to(self, curator):
        make.a_place("Nogales", slug="nogales")
        make.a_place("Sonora", slug="sonora", kind="state")
        for query in ({"kind__exact": "state"}, {"q": "sonora"}):
            _answer, file = self.exported(curator, Place, **query)
            table = read_table(file)
            assert [cells[0] for cells in table.rows] == ["sonora"]

    def test_gives_the_rows_of_the_records_in_the_list(self, curator):
        semar, sedena = make.an_agency("SEMAR"), make.an_agency("SEDENA")
        make.an_agency_name(semar, "Marina")
        make.an_agency_name(sedena, "Defensa")
        make.a_citation(semar)
        make.a_citation(sedena)
        answer, file = self.exported(curator, Agency, table=1, q="semar")
        assert 'filename="agency_names.csv"' in answer.headers["Content-Disposition"]
        assert [cells[1] for cells in read_table(file).rows] == ["Marina"]
        _answer, file = self.exported(curator, Agency, table=2, q="semar")
        assert [cells[:2] for cells in read_table(file).rows] == [
            ["agency", semar.slug]
        ]

    def test_takes_as_many_queries_for_ten_records_as_for_one(
        self, curator, django_assert_max_num_queries
    ):
        for _number in range(10):
            make.an_appointment()
        with django_assert_max_num_queries(8):
            self.exported(curator, Appointment)

    @pytest.mark.parametrize(
        "query",
        ["name__regex=(", "private_note__startswith=a", "parent__id__exact=abc"],
    )
    def test_takes_no_filter_that_the_list_does_not_offer(self, curator, query):
        make.a_place()
        answer = curator.post(
            f"{address(Place, 'export')}?{query}", {"format": "0", "resource": "0"}
        )
        assert answer.status_code in (302, 400)

    @pytest.mark.parametrize("data", [{"format": "9"}, {"resource": "9"}, {}])
    def test_asks_again_for_a_table_that_is_none(self, curator, data):
        answer = curator.post(address(Place, "export"), {"format": "0"} | data)
        assert answer.status_code == 200
