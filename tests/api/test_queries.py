"""A page of the API costs as many queries whatever is on it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from provenance.models import Source
from provenance.tracking.changes import changing
from tests import make
from tests.damage import damage
from tests.depth import cases
from timeline.models import EventTheme

pytestmark = pytest.mark.django_db

COLLECTIONS = [kind.collection for kind in make.RECORDS]


@changing("other")  # as one change, which is faster
def a_full_record(maker, number):
    """A record with rows of every kind that it can have."""
    record = maker(slug=f"full-{number}")
    if not isinstance(record, Source):
        for name in ("", *record.citable[:1]):
            make.a_citation(record, field=name, locator=f"para. {number}")
    if hasattr(record, "participations") and hasattr(record, "themes"):
        appointment = make.an_appointment()
        make.a_participation(
            record, official=appointment.official, appointment=appointment
        )
        make.a_participation(record, agency=make.an_agency())
        make.a_link(record, target=make.a_milestone())
        make.a_link(make.a_milestone(), target=record)
        EventTheme.objects.create(event=record, theme=make.a_theme())
        record.place = make.a_place()
        record.save()
    if hasattr(record, "provisions") and record.collection == "agreements":
        make.a_provision(record)
    if record.collection == "agencies":
        make.an_agency_name(record)
    if record.collection == "officials":
        make.an_official_name(record)
    if record.collection == "sources":
        record.reports.add(make.a_source())
    return record


def queries_of(api, address):
    with CaptureQueriesContext(connection) as asked:
        answer = api.get(address)
    assert answer.status_code == 200, answer.json()
    return len(asked), len(answer.json()["results"])


class TestQueries:
    """As many for a page of ten as for a page of one."""

    @pytest.mark.parametrize("collection", COLLECTIONS)
    def test_of_a_collection(self, api, collection):
        makers, most = {k.collection: m for k, m in make.RECORDS.items()}, cases(3, 10)
        for number in range(most):
            a_full_record(makers[collection], number)
        for query in ("", "&fields=slug"):
            address = f"/api/v1/{collection}/?limit={{}}{query}"
            of_one, _rows = queries_of(api, address.format(1))
            of_all, rows = queries_of(api, address.format(most))
            assert rows == most
            assert of_one == of_all, query
            assert of_all <= 8, query

    def test_of_the_timeline(self, api):
        for number in range(10):
            maker = [make.a_meeting, make.a_deployment][number % 2]
            a_full_record(maker, number)
        one, _rows = queries_of(api, "/api/v1/timeline/?limit=1")
        ten, rows = queries_of(api, "/api/v1/timeline/?limit=10")
        assert (rows, one) == (10, ten)
        assert ten == 3

    @pytest.mark.parametrize("kind", ["meeting", "agency", "observation"])
    def test_of_the_citations(self, api, kind):
        makers = {model.type_name(): maker for model, maker in make.RECORDS.items()}
        for number in range(10):
            a_full_record(makers[kind], number)
        one, _rows = queries_of(api, f"/api/v1/citations/?type={kind}&limit=1")
        ten, rows = queries_of(api, f"/api/v1/citations/?type={kind}&limit=10")
        assert (rows, one) == (10, ten)
        assert ten <= 5

    def test_of_the_search(self, api):
        for number in range(10):
            a_full_record(make.an_agency, number)
        one, _rows = queries_of(api, "/api/v1/search/?q=ministry&type=agency&limit=1")
        ten, rows = queries_of(api, "/api/v1/search/?q=ministry&type=agency&limit=10")
        # Agencies are sought by places too; SQLite is asked which words begin like it.
        each = 10 if connection.vendor == "sqlite" else 9
        assert (rows, one, ten) == (10, each, each)

    def test_of_a_list_of_all_kinds(self, api):
        """One record of every kind, then many: two on a page, or all of them.

        Two are found without a look at what is behind them.
        """
        source, many = make.a_source(slug="sheet"), cases(4, 10)
        questions = ("citations/?", "citations/?source=sheet&", "search/?q=e&")
        asked = {(question, limit): [] for question in questions for limit in (2, 500)}
        for numbers in (range(1), range(1, many)):
            for kind, maker in make.RECORDS.items():
                for number in numbers:
                    record = a_full_record(maker, f"{kind.type_name()}-{number}")
                    if kind is not Source:
                        make.a_citation(record, source)
                    damage(record, search_text="e")
            for (question, limit), counts in asked.items():
                count, rows = queries_of(api, f"/api/v1/{question}limit={limit}")
                counts.append(count)
                assert (rows == 2) == (limit == 2)
                if numbers.start and limit != 2:
                    assert rows >= many * len(make.RECORDS) - many
        for (question, limit), (few, more) in asked.items():
            assert more <= few <= 4 * len(make.RECORDS), question
            assert more == few or limit == 2
