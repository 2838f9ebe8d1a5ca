"""A file as the reading of a source: it supports, contradicts, overwrites nothing."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Agency, AgencyCitation, Place, PlaceCitation
from provenance.models import ChangeSet
from provenance.resources import CellOutcome, How, Kind
from provenance.resources.importing import Attribution
from tests import make
from tests.folders import faults_in, read_in
from tests.replaying import replayed, tables
from timeline.models import Meeting

pytestmark = pytest.mark.django_db


@pytest.fixture
def article():
    return make.a_source(slug="article")


@pytest.fixture
def semar():
    return make.an_agency("SEMAR", slug="semar", founded="1940", kind="ministry")


def reading(article, table, text, locator="table 1", **options):
    """What becomes of a table that is read as what the article says."""
    attribution = Attribution(article, locator=locator, as_of="2025-02")
    return read_in(table, text, attribution=attribution, **options)


def stated(record):
    """What the citations of a record say: field, statement, agreement."""
    return [(row.field, row.stated, row.agreement) for row in record.citations.all()]


def test_a_cell_that_says_what_is_recorded_supports_it(article, semar):
    outcome = reading(article, "agencies", "slug,name,founded\r\nsemar,SEMAR,1940\r\n")
    assert outcome.shown[Kind.CLAIM][0].cells == (
        CellOutcome("name", "SEMAR", "SEMAR", How.SUPPORTS),
        CellOutcome("founded", "1940", "1940", How.SUPPORTS),
    )
    assert stated(semar) == [("founded", "", "agrees"), ("name", "", "agrees")]
    citation = semar.citations.first()
    assert (citation.source, citation.locator, citation.as_of) == (
        article,
        "table 1",
        "2025-02",
    )


def test_a_cell_that_says_otherwise_is_a_claim_and_overwrites_nothing(article, semar):
    outcome = reading(article, "agencies", "slug,name,founded\r\nsemar,MARINA,1821\r\n")
    semar.refresh_from_db()
    assert (semar.name, semar.founded) == ("SEMAR", "1940")
    assert stated(semar) == [
        ("founded", "1821", "contradicts"),
        ("name", "MARINA", "contradicts"),
    ]
    assert outcome.shown[Kind.CLAIM][0].cells == (
        CellOutcome("name", "SEMAR", "MARINA", How.STATES),
        CellOutcome("founded", "1940", "1821", How.STATES),
    )
    assert {dispute.field for dispute in semar.disputes.all()} == {"name", "founded"}


def test_an_empty_cell_says_nothing(article, semar):
    outcome = reading(article, "agencies", "slug,name,founded\r\nsemar,,\r\n")
    assert outcome.counts[Kind.SAME] == 1
    assert not stated(semar)
    assert not ChangeSet.objects.filter(path="import").exists()


def test_what_is_not_recorded_is_stated_and_not_filled_in(article, semar):
    reading(article, "agencies", "slug,dissolved\r\nsemar,2030\r\n")
    semar.refresh_from_db()
    assert semar.dissolved == ""
    assert stated(semar) == [("dissolved", "2030", "compatible")]


def test_a_record_that_is_new_is_made_and_cites_the_source_for_each_cell(article):
    reading(
        article,
        "places",
        "slug,status,name,kind,iso_code\r\nnogales,draft,Nogales,city,\r\n",
    )
    place = Place.objects.get()
    assert stated(place) == [
        ("", "", "agrees"),
        ("kind", "", "agrees"),
        ("name", "", "agrees"),
    ]
    assert place.citations.last().checked_against == "Nogales"


def test_the_same_reading_again_changes_nothing(article, semar):
    text = "slug,name,kind\r\nsemar,MARINA,ministry\r\nnavy,Navy,ministry\r\n"
    assert reading(article, "agencies", text).writes == 2
    before = tables()
    again = reading(article, "agencies", text)
    assert (again.writes, again.counts[Kind.SAME]) == (0, 2)
    assert tables() == before


def test_a_reading_that_differs_from_the_last_one_replaces_what_was_stated(
    article, semar
):
    reading(article, "agencies", "slug,name\r\nsemar,MARINA\r\n")
    reading(article, "agencies", "slug,name\r\nsemar,Navy\r\n")
    reading(article, "agencies", "slug,name\r\nsemar,Armada\r\n", locator="table 2")
    assert sorted(row.stated for row in semar.citations.all()) == ["Armada", "Navy"]
    assert [row.stated for row in AgencyCitation.history.order_by("history_id")] == [
        "MARINA",
        "Navy",
        "Armada",
    ]


def test_lists_and_relations_are_claimed_by_slug(article):
    drugs, arms = make.a_theme(slug="drugs"), make.a_theme(slug="arms")
    meeting = make.a_meeting(slug="call", place=make.a_place(slug="nogales"))
    make.Meeting.themes.through.objects.create(event=meeting, theme=drugs)
    make.a_place(slug="tucson")
    reading(article, "meetings", "slug,place,themes\r\ncall,tucson,arms|drugs\r\n")
    assert stated(meeting) == [
        ("place", "tucson", "contradicts"),
        ("themes", "arms|drugs", meeting.citations.last().agreement),
    ]
    assert Meeting.objects.get().place.slug == "nogales"
    assert arms.event_rows.count() == 0


def test_no_source_states_the_status_of_a_record(article, semar):
    outcome = reading(article, "agencies", "slug,status,name\r\nsemar,draft,SEMAR\r\n")
    assert faults_in(outcome) == [
        'line 2, column "status": a source cannot be cited for this '
        "column, and “published” is recorded; leave the column out, or "
        "import without a source."
    ]
    assert not semar.citations.exists()


def test_rows_that_no_source_is_cited_for_are_refused(article, semar):
    outcome = reading(
        article, "agency_names", "agency,text,kind,language\r\nsemar,Navy,short,en\r\n"
    )
    assert faults_in(outcome) == [
        "the file: no source is cited for rows of this table; import it without a "
        "source."
    ]


def test_a_cell_that_is_no_value_is_no_claim_either(article, semar):
    outcome = reading(article, "agencies", "slug,founded\r\nsemar,03/04/1940\r\n")
    assert "is not a date" in faults_in(outcome)[0]
    assert not semar.citations.exists()


def test_a_reading_is_one_change_that_is_taken_back_whole(article, semar):
    make.a_citation(semar)
    before = tables()
    reading(
        article,
        "agencies",
        "slug,name,kind\r\nsemar,MARINA,ministry\r\nnavy,Navy,ministry\r\n",
    )
    change = ChangeSet.objects.first()
    assert (change.path, Agency.objects.count()) == ("import", 2)
    call_command("take_back", str(change.pk), verbosity=0)
    assert replayed() == tables()
    assert Agency.objects.get() == semar
    assert tables()[AgencyCitation] == before[AgencyCitation]


def test_a_record_may_be_published_by_the_reading_that_cites_it(article):
    outcome = reading(
        article, "places", "slug,status,name,kind\r\nnogales,published,Nogales,city\r\n"
    )
    assert not outcome.faults
    assert Place.objects.published().get().slug == "nogales"
    assert PlaceCitation.objects.count() == 3


ASKS, GROWN = ("SELECT", "INSERT", "UPDATE"), "sqlite_"


def test_a_reading_of_more_rows_asks_no_more_of_the_database(article):
    metric, other = make.a_metric(slug="troops"), make.a_source(slug="other")
    header = "slug,status,metric,value,start,end,modality\r\n"
    row = "o-{},draft,{},5,2025,2025,actual\r\n"

    def asked(source, numbers):
        text = header + "".join(row.format(n, metric.slug) for n in numbers)
        with CaptureQueriesContext(connection) as caught:
            assert reading(source, "observations", text).writes == len(numbers)
        statements = [query["sql"] for query in caught]
        # Not those by which a database counts anew what has grown.
        return sum(sql.startswith(ASKS) for sql in statements if GROWN not in sql)

    few, many = range(20), range(20, 120)
    for source in article, other:  # made and cited, and then cited alone
        first = asked(source, few)
        assert asked(source, many) <= first
