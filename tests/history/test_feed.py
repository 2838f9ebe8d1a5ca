"""The feed of changes: what happened, in order, without gaps, and nothing of drafts."""

import pytest

from provenance.evidence.settling import settle
from provenance.models import Redirect
from provenance.models.renaming import rename
from provenance.tracking.changes import ChangeSet, changing
from tests import make

pytestmark = pytest.mark.django_db

ROOT = "http://testserver/api/v1/"


def read(api, **asked):
    answer = api.get("/api/v1/changes/", asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def told(api, **asked):
    """What each entry says, in short."""
    return [
        (entry["event"], entry["type"], entry["slug"])
        for entry in read(api, **asked)["results"]
    ]


def at(number):
    return ChangeSet.objects.get(number=number).at.isoformat().replace("+00:00", "Z")


def test_each_change_of_a_record_is_told_by_what_it_means(api):
    agency = make.an_agency(name="SEMAR", slug="semar", status="draft")
    agency.status = "published"
    agency.save()
    agency.name = "MARINA"
    agency.save()
    rename(agency, "marina")
    agency.status = "withdrawn"
    agency.save()
    assert told(api) == [("withdrawn", "agency", "marina")]
    agency.status = "published"
    agency.save()
    assert told(api) == [
        ("published", "agency", "semar"),
        ("changed", "agency", "semar"),
        ("renamed", "agency", "marina"),
        ("withdrawn", "agency", "marina"),
        ("published", "agency", "marina"),
    ]


def test_an_entry_says_what_was_and_what_is(api):
    agency = make.an_agency(name="SEMAR", slug="semar")
    with changing("form", reason="a secret reason"):
        agency.name, agency.private_note = "MARINA", "a secret"
        agency.save()
        make.an_agency_name(agency, "SEMAR", "former")
    assert read(api, since=at(1)) == {
        "next": None,
        "previous": None,
        "results": [
            {
                "at": at(2),
                "event": "changed",
                "type": "agency",
                "slug": "semar",
                "url": f"{ROOT}agencies/semar/",
                "version": 2,
                "fields": {"name": ["SEMAR", "MARINA"]},
                "rows": {
                    "names": [
                        [
                            None,
                            {
                                "text": "SEMAR",
                                "kind": "former",
                                "language": "",
                                "start": "",
                                "end": "",
                            },
                        ]
                    ]
                },
                "field": None,
                "kind": None,
                "into": None,
            }
        ],
    }


def test_disputes_are_told_as_they_open_are_settled_and_go(api):
    agency = make.an_agency(name="SEMAR", slug="semar")
    citation = make.a_citation(agency, field="name", stated="Navy")
    since = at(ChangeSet.objects.count())
    assert told(api)[-2:] == [
        ("changed", "agency", "semar"),
        ("disputed", "agency", "semar"),
    ]
    settle(citation, "translation", "The English word.")
    agency.refresh_from_db()
    agency.name = "MARINA"
    agency.save()
    citation = agency.citations.get()
    citation.stated = "MARINA"
    citation.save()
    entries = read(api, since=since)["results"]
    assert [e["event"] for e in entries if e["field"] == "name"] == [
        "settled",
        "disputed",
        "resolved",
    ]
    assert {e["kind"] for e in entries if e["field"]} == {"value"}


def test_what_was_merged_says_into_what(api):
    winner = make.an_official("Ana Núñez", slug="ana-nunez")
    loser = make.an_official("Ana Nunez", slug="ana")
    with changing("merge"):
        loser.delete()
        Redirect.objects.create(type="official", slug="ana", target="ana-nunez")
    (entry,) = (e for e in read(api)["results"] if e["event"] == "merged")
    assert entry["slug"] == "ana"
    assert entry["url"] is None
    assert entry["into"] == {
        "slug": "ana-nunez",
        "name": winner.name,
        "url": f"{ROOT}officials/ana-nunez/",
    }


class TestDrafts:
    def test_are_told_nothing_of(self, api):
        draft = make.an_agency(status="draft")
        draft.name = "A draft"
        draft.save()
        make.a_citation(draft)
        make.an_appointment(post=make.a_post(agency=draft))
        assert [kind for _event, kind, _slug in told(api)] == ["source", "official"]

    def test_are_told_nothing_of_where_published_records_lead_to_them(self, api):
        place = make.a_place("A draft", slug="a-draft", status="draft")
        meeting = make.a_meeting(slug="call")
        since = at(ChangeSet.objects.count())
        meeting.place = place
        meeting.save()
        make.a_participation(meeting, official=make.an_official(status="draft"))
        make.a_participation(meeting, agency=make.an_agency(status="in-review"))
        make.a_citation(meeting, make.a_source(status="draft"))
        source = make.a_source(slug="sheet")
        make.a_citation(meeting, source, field="place", stated="a-draft")
        assert told(api, since=since) == [("created", "source", "sheet")]
        assert "a-draft" not in str(read(api))

    def test_and_what_is_for_curators_only_never_shows(self, api):
        meeting = make.a_meeting(slug="call", private_note="canary")
        make.a_citation(meeting, quotation="canary")
        meeting.refresh_from_db()
        meeting.private_note = "another canary"
        meeting.save()
        assert "canary" not in str(read(api))
        assert told(api)[-1][0] == "changed"  # the citation


class TestOrder:
    @pytest.mark.parametrize("limit", [1, 2, 3, 500])
    def test_pages_leave_nothing_out_and_tell_nothing_twice(self, api, limit):
        with changing("other"):
            for number in range(3):
                agency = make.an_agency(slug=f"agency-{number}", name="SEMAR")
                make.a_citation(agency, field="name", stated="Navy")
                make.an_official(slug=f"official-{number}")
                make.an_official(status="draft")
        agency.refresh_from_db()
        agency.name = "MARINA"
        agency.save()
        entries, page = [], read(api, limit=limit)
        while True:
            entries += page["results"]
            if page["next"] is None:
                break
            page = api.get(page["next"]).json()
        whole = read(api, limit=500)["results"]
        assert entries == whole
        assert len(whole) == 3 * 4 + 1
        assert [entry["at"] for entry in whole] == sorted(e["at"] for e in whole)

    def test_what_came_since_the_last_entry_is_all_that_came(self, api):
        seen = []
        for number in range(3):
            make.an_agency(slug=f"agency-{number}")
            since = {"since": seen[-1]["at"]} if seen else {}
            seen += read(api, **since)["results"]
        assert [e["slug"] for e in seen] == ["agency-0", "agency-1", "agency-2"]
        assert read(api, since=seen[-1]["at"])["results"] == []

    def test_what_was_known_at_a_moment_ends_there(self, api):
        make.an_agency(slug="one")
        make.an_agency(slug="two")
        assert told(api, known_at=at(1)) == [("created", "agency", "one")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("since", "yesterday"),
        ("since", "2999-01-01"),
        ("since", "2025-01-01T00:00:00"),
        ("limit", "0"),
        ("limit", "many"),
        ("cursor", "WzEsMiwzXQ%%"),
        ("cursor", "W10"),
        ("cursor", "WzEsOTk5LDNd"),
        ("type", "agency"),
    ],
)
def test_a_question_that_is_not_understood_is_refused_by_name(api, name, value):
    answer = api.get("/api/v1/changes/", {name: value})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == name


def test_a_page_takes_as_many_queries_for_many_changes_as_for_few(
    api, django_assert_max_num_queries
):
    for number in range(30):
        agency = make.an_agency(slug=f"agency-{number}")
        make.an_agency_name(agency)
        make.a_citation(agency, field="kind")
    with django_assert_max_num_queries(80):
        assert len(read(api, limit=100)["results"]) == 100
