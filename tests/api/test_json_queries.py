"""What the database writes of a record is what the serializer writes, byte by byte."""

import json
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from provenance.api import json_queries
from provenance.tracking.changes import changing
from tests import make
from tests.both_ways import written_both_ways
from tests.planting import taken_back

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ANYTHING = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20
)
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12).map(str),
    st.integers(-(10**7), 10**7).map(
        lambda n: f"{Decimal(n).scaleb(-4).normalize():f}"
    ),
    st.sampled_from(["0", "~10000", ">100", "-5..7", ""]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING, ANYTHING, st.text("\u2028\u2029\"'\\%/\t\r\n\x01\x7f", max_size=9))
def test_any_text_is_written_alike(title, note, hostile):
    with taken_back():
        place = make.a_place(name=f"{title}{hostile}")
        meeting = make.a_meeting(
            title=f"{hostile}{title}", public_note=note, place=place
        )
        make.a_citation(meeting, make.a_source(title), locator=hostile)
        for kind in ("meeting", "place", "timeline"):
            ours, pythons = written_both_ways(kind)
            assert ours == pythons
            assert all(json.loads(each) for each in ours)


@given(st.decimals(-90, 90, places=5) | st.sampled_from(["0.00001", "-0.00009"]))
def test_any_coordinate_is_written_alike(degrees):
    with taken_back():
        make.a_place(latitude=degrees, longitude=degrees)
        ours, pythons = written_both_ways("place")
        assert ours == pythons


@given(st.lists(NUMBERS, max_size=5))
def test_any_number_is_written_alike(values):
    with taken_back():
        metric = make.a_metric()
        for value in values:
            missing = {} if value else {"value_missing": "not-published"}
            make.an_observation(metric, value, population=f"{value}", **missing)
        ours, pythons = written_both_ways("observation")
        assert len(ours) == len(values)
        assert ours == pythons


def test_nothing_but_the_support_is_left_to_python(monkeypatch):
    for slug, stated in (("plain", ""), ("stated", "1991"), ("agreed", "1990-05")):
        meeting = make.a_meeting(slug=slug, start="1990")
        make.a_citation(meeting, field="start", stated=stated)
        make.a_citation(meeting, field="title", stated=stated)
    left, texts_of = [], json_queries._texts_of

    def noted(serializer, keys):
        texts = texts_of(serializer, keys)
        left.extend(k for k, t in texts.items() if json_queries.UNWRITTEN in t)
        return texts

    monkeypatch.setattr(json_queries, "_texts_of", noted)
    ours, pythons = written_both_ways("meeting")
    assert left == []
    told = [json.loads(each)["disputed"] for each in ours]
    assert told == [[], ["start", "title"], ["title"]]
    assert ours == pythons
    assert json.loads(written_both_ways("meeting", fields=("disputed",))[0][1]) == {
        "disputed": ["start", "title"]
    }


def test_a_page_of_many_asks_no_more_than_a_page_of_few(api, django_assert_num_queries):
    address = "/api/v1/meetings/?limit=50"
    for _number in range(3):
        meeting = make.a_meeting()
        make.a_citation(meeting)
        make.a_participation(meeting)
    api.get(address)  # compiles the statement
    make.a_meeting()
    with django_assert_num_queries(3):
        few = api.get(address).json()["results"]
    for _number in range(20):
        make.a_citation(make.a_meeting())
    with django_assert_num_queries(3):
        many = api.get(address).json()["results"]
    assert (len(few), len(many)) == (4, 24)


def test_a_page_that_is_asked_for_again_is_not_written_again(
    api, django_assert_num_queries
):
    make.a_citation(make.a_meeting())
    first = api.get("/api/v1/meetings/")
    with django_assert_num_queries(2):  # which edition it is, and what is on the page
        again = api.get("/api/v1/meetings/")
    assert again.content == first.content


def test_a_page_that_is_asked_for_again_shows_what_has_changed_in_other_records(api):
    official = make.an_official(name="Ana Ruiz")
    make.a_participation(make.a_meeting(), official=official)
    was = api.get("/api/v1/meetings/").json()["results"][0]["participations"]
    with changing("form"):
        official.name = "Ana Ruiz Vega"
        official.save()
    renamed = api.get("/api/v1/meetings/").json()["results"][0]["participations"]
    with changing("form"):
        official.status = "withdrawn"
        official.save()
    hidden = api.get("/api/v1/meetings/").json()["results"][0]["participations"]
    names = [party["official"]["name"] for party in (*was, *renamed, *hidden)]
    assert names == ["Ana Ruiz", "Ana Ruiz Vega"]


def test_what_was_known_before_is_not_what_is_kept_of_now(api):
    meeting = make.a_meeting(title="As it was")
    before = timezone.now().isoformat().replace("+00:00", "Z")
    with changing("form"):
        meeting.title = "As it is"
        meeting.save()
    address = "/api/v1/meetings/?fields=title"
    for asked, title in (("", "As it is"), (f"&known_at={before}", "As it was")) * 2:
        results = api.get(f"{address}{asked}").json()["results"]
        assert results == [{"title": title}]


def test_whoever_asks_for_indented_json_gets_it(api):
    make.a_meeting(slug="call")
    accept = "application/json; indent=2"
    answer = api.get("/api/v1/meetings/", headers={"accept": accept})
    assert '\n      "slug": "call",\n' in answer.content.decode()
