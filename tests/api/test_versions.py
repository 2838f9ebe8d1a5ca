"""No update is lost over HTTP: a write names the version that it was made for."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from bordersec.api_urls import urlpatterns
from entities.models import Agency, Official
from provenance.api.writes import WritableRecordView
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.depth import cases
from tests.writing import OVER, program
from timeline.models import Meeting

pytestmark = pytest.mark.django_db

COLLECTIONS = {kind.collection: maker for kind, maker in make.RECORDS.items()}
# Of citations two: of an event, whose kinds share a table, and of another record.
CITATIONS = {f"citations/{kind.type_name()}": kind for kind in (Meeting, Agency)}
# Whatever can be named as a version is tried here in every run, elsewhere in the deep.
IN_FULL = ("agencies", "meetings")
TELLING = (*IN_FULL, "sources", "observations", "citations/meeting")
every_collection = pytest.mark.parametrize(
    "place", cases(TELLING, (*COLLECTIONS, *CITATIONS))
)


def a_draft_in(place):
    """A draft of this collection, in its second version, and its address."""
    if place in CITATIONS:
        citation = make.a_citation(make.RECORDS[CITATIONS[place]](status="draft"))
        citation.locator = "para. 2"
        citation.save()
        return citation, f"/api/v1/{place}-{citation.pk}/"
    record = COLLECTIONS[place](status="draft")
    record.public_note = "Second."
    record.save()
    return record, f"/api/v1/{place}/{record.slug}/"


def in_full(client, address):
    """The body of a PUT that changes nothing."""
    match = resolve(address)
    view = match.func.cls(action="update", kwargs=match.kwargs, **match.func.initkwargs)
    view.request, view.format_kwarg = None, None
    fields = view.get_serializer_class()(context={}).fields
    shown = client.get(address).json()
    return {
        name: value["slug"] if isinstance(value, dict) else value
        for name, value in shown.items()
        if name in fields and not fields[name].read_only
    }


def changes_in(answer):
    """What a refusal tells of what was written since."""
    return answer.json()["changes"]


@every_collection
class TestEveryCollection:
    def test_is_written_only_over_the_version_that_is_named(self, writer, place):
        record, address = a_draft_in(place)
        tag = writer.get(address)["ETag"]
        bodies = {"PUT": in_full(writer, address), "PATCH": {}, "DELETE": None}
        one_of_each = [(None, 428), ('"1"', 412), ("2", 400), (tag, None)]
        others = [
            ("", 428),
            ("*", 428),
            ('"1-0123456789abcdef"', 412),
            ('"1", "3"', 412),
            ('"02"', 412),
            ('"another"', 412),
            ('W/"2"', 412),
            (f"W/{tag}", 412),
            ('"2', 400),
            ('"2" "1"', 400),
            ('*, "2"', 400),
            ('"2"', None),
            ('"1", "2"', None),
            (f'W/"1" ,{tag}, "x,y"', None),
        ]
        are_all_tried = place in cases(IN_FULL, (*COLLECTIONS, *CITATIONS))
        for named, expected in [*one_of_each, *(others if are_all_tried else ())]:
            for method in OVER:
                if expected is None and method == "DELETE":
                    continue
                answer = getattr(writer, method.lower())(
                    address, bodies[method], HTTP_IF_MATCH=named
                )
                asked = (method, named, answer.content)
                assert answer.status_code == (expected or 200), asked
                assert answer.get("ETag") == (tag if expected in (None, 412) else None)
                record.refresh_from_db()
                assert record.version == 2
        assert writer.delete(address, HTTP_IF_MATCH=tag).status_code == 204
        assert not type(record).objects.filter(pk=record.pk).exists()

    def test_answers_with_the_version_of_what_it_shows(self, writer, place):
        _record, address = a_draft_in(place)
        read = writer.get(address)
        assert read["ETag"].startswith('"2-')
        assert read.json()["version"] == 2
        for answer in (
            writer.head(address),
            writer.patch(address, {}),
            writer.put(address, in_full(writer, address)),
        ):
            assert (answer.status_code, answer["ETag"]) == (200, read["ETag"])
        again = writer.get(address, HTTP_IF_NONE_MATCH=read["ETag"])
        assert again.status_code in (200, 304)


def test_every_view_that_writes_is_in_that_table():
    """A new collection would be tried, or fail here."""
    over = {method.lower() for method in OVER}
    found = {
        pattern.callback.cls.collection()
        for pattern in urlpatterns
        if over.intersection(getattr(pattern.callback, "actions", None) or ())
    }
    # Disputes are derived: what settles them has tests of its own.
    assert found == {*COLLECTIONS, "citations", "disputes"}


class TestTheTag:
    def test_of_what_is_new_is_that_of_what_is_read_then(self, writer):
        made = writer.post("/api/v1/officials/", {"name": "Ana"})
        assert made["ETag"].startswith('"1-')
        assert writer.get(made["Location"])["ETag"] == made["ETag"]

    def test_differs_where_the_same_version_is_shown_otherwise(self, writer, api):
        agency = make.an_agency("Navy")
        post = make.a_post(agency=agency)
        address = f"/api/v1/posts/{post.slug}/"
        tags = {
            api.get(address)["ETag"],
            writer.get(address)["ETag"],
            api.get(address, {"fields": "title"})["ETag"],
        }
        agency.name = "Ministry of the Navy"
        agency.save()
        tags.add(api.get(address)["ETag"])
        assert len(tags) == 4
        assert {tag.partition("-")[0] for tag in tags} == {'"1'}

    def test_of_an_earlier_name_of_a_related_record_still_names_the_version(
        self, writer
    ):
        agency = make.an_agency("Navy")
        address = f"/api/v1/posts/{make.a_post(agency=agency).slug}/"
        seen = writer.get(address)["ETag"]
        agency.name = "Ministry of the Navy"
        agency.save()
        answer = writer.patch(address, {"seats": 2}, HTTP_IF_MATCH=seen)
        assert answer.status_code == 200
        assert answer["ETag"].startswith('"2-')

    def test_is_no_part_of_what_makes_something_new(self, writer):
        for named in ('"1"', "*", ""):
            answer = writer.post(
                "/api/v1/officials/", {"name": "Ana"}, HTTP_IF_MATCH=named
            )
            assert answer.status_code == 400
            assert "leave If-Match out" in answer.json()["detail"]
        assert not Official.objects.exists()

    def test_that_is_missing_is_asked_for_with_the_way_to_get_it(self, writer):
        official = make.an_official()
        address = f"/api/v1/officials/{official.slug}/"
        answer = writer.patch(address, {}, HTTP_IF_MATCH=None)
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json() == {
            "type": "about:blank",
            "title": "Precondition Required",
            "status": 428,
            "detail": "Name the version that you change: read the record, and send its "
            "ETag as If-Match.",
        }

    def test_is_asked_for_before_the_body_and_the_state_are_looked_at(self, writer):
        official = make.an_official()
        address = f"/api/v1/officials/{official.slug}/"
        for named, expected in ((None, 428), ('"9"', 412)):
            answer = writer.patch(address, {"nosuch": 1}, HTTP_IF_MATCH=named)
            assert answer.status_code == expected
            answer = writer.delete(address, HTTP_IF_MATCH=named)
            assert answer.status_code == expected
        assert writer.delete(address, HTTP_IF_MATCH='"1"').status_code == 409

    def test_of_nothing_is_not_asked_for(self, writer, api):
        address = "/api/v1/officials/nobody/"
        for method in OVER:
            name = method.lower()
            answer = getattr(writer, name)(address, {}, HTTP_IF_MATCH=None)
            assert answer.status_code == 404
            assert getattr(api, name)(address, {}).status_code == 401

    def test_counts_the_writes_of_rows_and_citations(self, writer):
        agency, source = make.an_agency(slug="navy"), make.a_source(slug="article")
        seen = writer.get("/api/v1/agencies/navy/")["ETag"]
        body = {"type": "agency", "record": "navy", "source": source.slug}
        assert writer.post("/api/v1/citations/", body).status_code == 201
        answer = writer.patch(
            "/api/v1/agencies/navy/", {"name": "B"}, HTTP_IF_MATCH=seen
        )
        assert answer.status_code == 412
        make.an_agency_name(agency)
        assert writer.get("/api/v1/agencies/navy/").json()["version"] == 3


@pytest.mark.database
class TestWhoIsOvertaken:
    def test_is_told_what_has_changed_since(self, writer, django_user_model):
        ana = django_user_model.objects.create_user("ana")
        mexico = make.a_country(slug="mexico")
        agency = make.an_agency("Navy", slug="navy", public_note="Old.")
        make.an_agency_name(agency, "SEMAR", "acronym")
        seen = writer.get("/api/v1/agencies/navy/")["ETag"]
        assert seen.startswith('"2-')
        with changing(ChangeSet.Path.FORM, user=ana, reason="as the decree says"):
            agency = Agency.objects.get()
            agency.name, agency.country = "Ministry of the Navy", mexico
            agency.save()
        with changing(ChangeSet.Path.COMMAND):
            make.an_agency_name(Agency.objects.get(), "MARINA", "acronym", start="2019")
            Agency.objects.get().names.get(text="SEMAR").delete()
            make.a_citation(
                Agency.objects.get(), make.a_source(slug="decree"), field="name"
            )
        answer = writer.patch(
            "/api/v1/agencies/navy/", {"public_note": "Mine."}, HTTP_IF_MATCH=seen
        )
        assert answer.status_code == 412
        assert answer["Content-Type"] == "application/problem+json"
        assert answer["ETag"] == writer.get("/api/v1/agencies/navy/")["ETag"]
        told = answer.json()
        moments = [change.pop("at") for change in told["changes"]]
        assert moments == sorted(moments)
        marina = {"text": "MARINA", "kind": "acronym", "language": ""}
        semar = {"text": "SEMAR", "kind": "acronym", "language": ""}
        blank = {"locator": "", "stated": "", "as_of": "", "assessment": ""}
        blank |= {"note": "", "note_es": "", "quotation": ""}
        assert told == {
            "type": "about:blank",
            "title": "Precondition Failed",
            "status": 412,
            "detail": "This is not the version that If-Match names: the current one is "
            "4. See what has changed, read the record, and send its ETag with what you "
            "still mean.",
            "current_version": 4,
            "changes": [
                {
                    "version": 3,
                    "by": "ana",
                    "reason": "as the decree says",
                    "fields": {
                        "name": ["Navy", "Ministry of the Navy"],
                        "country": ["", "mexico"],
                    },
                    "rows": {},
                },
                {
                    "version": 4,
                    "by": None,
                    "reason": None,
                    "fields": {},
                    "rows": {
                        "names": [
                            [None, {**marina, "start": "2019", "end": ""}],
                            [{**semar, "start": "", "end": ""}, None],
                        ],
                        "citations": [
                            [None, {"source": "decree", "field": "name", **blank}]
                        ],
                    },
                },
            ],
        }
        assert Agency.objects.get().public_note == "Old."

    def test_is_told_of_a_citation_too(self, writer):
        citation = make.a_citation(make.an_official(), locator="para. 1")
        address = f"/api/v1/citations/official-{citation.pk}/"
        seen = writer.get(address)["ETag"]
        writer.patch(address, {"locator": "para. 2"}, HTTP_X_CHANGE_REASON="a slip")
        answer = writer.delete(address, HTTP_IF_MATCH=seen)
        assert answer.status_code == 412
        (change,) = answer.json()["changes"]
        assert (change["by"], change["reason"]) == ("writer", "a slip")
        assert change["fields"] == {"locator": ["para. 1", "para. 2"]}

    def test_is_told_at_the_same_cost_of_few_rows_as_of_many(self, writer):
        asked = set()
        for number in (5, 25):
            meeting = make.a_meeting()
            address = f"/api/v1/meetings/{meeting.slug}/"
            seen = writer.get(address)["ETag"]
            for _row in range(number):
                make.a_participation(Meeting.objects.get(pk=meeting.pk))
            with CaptureQueriesContext(connection) as queries:
                answer = writer.patch(address, {}, HTTP_IF_MATCH=seen)
            assert answer.status_code == 412
            told = [len(each["rows"]["participations"]) for each in changes_in(answer)]
            assert sum(told) == min(number, 20)
            asked.add(len(queries))
        assert len(asked) == 1

    def test_is_told_at_most_the_last_twenty_changes(self, writer):
        official = make.an_official("Ana", slug="ana")
        for number in range(30):
            official.honorific = f"No. {number}"
            official.save()
        answer = writer.patch(
            "/api/v1/officials/ana/", {"name": "B"}, HTTP_IF_MATCH='"1"'
        )
        versions = [change["version"] for change in answer.json()["changes"]]
        assert versions == list(range(12, 32))

    def test_is_told_nothing_that_may_not_be_read(self, django_user_model):
        user = django_user_model.objects.create_user("sweeper")
        user.user_permissions.set(Permission.objects.filter(codename="delete_official"))
        official = make.an_official("Ana", slug="ana", status="draft")
        official.private_note = "Secret."
        official.save()
        answer = program(user).delete("/api/v1/officials/ana/", HTTP_IF_MATCH='"1"')
        assert answer.status_code == 412
        assert answer.json()["current_version"] == 2
        assert answer.json()["changes"] == []

    def test_is_told_so_if_that_happens_between_the_look_and_the_write(
        self, writer, monkeypatch
    ):
        """As if the lock were not there: then the write itself refuses."""
        make.an_official("Ana", slug="ana")
        read, early = WritableRecordView.locked, Official.objects.get()
        with changing(ChangeSet.Path.OTHER):
            writer.patch("/api/v1/officials/ana/", {"honorific": "Dr."})
        reads = iter([lambda *args, **key: early, read])
        monkeypatch.setattr(
            WritableRecordView, "locked", lambda *args, **key: next(reads)(*args, **key)
        )
        answer = writer.patch(
            "/api/v1/officials/ana/", {"name": "Bea"}, HTTP_IF_MATCH='"1"'
        )
        assert answer.status_code == 412
        (change,) = answer.json()["changes"]
        assert change["fields"] == {"honorific": ["", "Dr."]}
        assert Official.objects.get().name == "Ana"
