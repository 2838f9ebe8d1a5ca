"""What the database said at a moment: the answers of then, whatever was written since.

Every test takes a moment between what it makes and what it changes.
"""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from entities.models import Agency, Official
from provenance.models import Record
from provenance.models.renaming import rename
from provenance.tracking.time_travel import as_known_at, moment_of
from tests import make
from tests.depth import cases, in_depth, thinned
from timeline.models import EventTheme, Meeting

pytestmark = pytest.mark.django_db

DRAFT, WITHDRAWN = Record.Status.DRAFT, Record.Status.WITHDRAWN


def now():
    """This moment, as the parameter is written."""
    return timezone.now().isoformat().replace("+00:00", "Z")


def ask(api, address, then, **query):
    """The body that an address answers with for a moment."""
    answer = api.get(f"/api/v1/{address}/", {**query, "known_at": then})
    assert answer.status_code == 200, answer.content
    return answer.json()


def slugs(api, address, then, **query):
    return [row["slug"] for row in ask(api, address, then, **query)["results"]]


def change(record, **values):
    record.refresh_from_db()  # whoever changes its rows counts up its version
    for name, value in values.items():
        setattr(record, name, value)
    record.save()


class TestARecord:
    def test_has_the_values_of_then(self, api):
        place = make.a_place("Nogales", slug="nogales")
        then = now()
        change(place, name="Heroica Nogales")
        assert ask(api, "places/nogales", then)["name"] == "Nogales"
        assert ask(api, "places/nogales", then)["version"] == 1
        assert ask(api, "places/nogales", now())["name"] == "Heroica Nogales"
        assert slugs(api, "places", then, q="heroica") == []
        assert slugs(api, "places", now(), q="heroica") == ["nogales"]

    def test_that_was_made_later_is_not_there(self, api):
        then = now()
        make.a_place(slug="nogales")
        address = "/api/v1/places/nogales/"
        assert api.get(address, {"known_at": then}).status_code == 404
        assert slugs(api, "places", then) == []

    def test_that_was_deleted_since_is_still_there(self, api):
        place = make.a_place(slug="nogales")
        then = now()
        place.delete()
        assert ask(api, "places/nogales", then)["slug"] == "nogales"
        assert slugs(api, "places", then) == ["nogales"]
        assert slugs(api, "places", now()) == []

    def test_that_was_deleted_and_made_again_is_the_one_of_each_time(self, api):
        place = make.a_place("Nogales", slug="nogales")
        key, first = place.pk, now()
        place.delete()
        between = now()
        make.a_place("Nogales, Sonora", slug="nogales", pk=key)
        assert ask(api, "places/nogales", first)["name"] == "Nogales"
        assert slugs(api, "places", between) == []
        assert ask(api, "places/nogales", now())["name"] == "Nogales, Sonora"

    def test_has_the_rows_of_then(self, api):
        agency = make.an_agency(slug="semar")
        name = make.an_agency_name(agency, "MARINA")
        meeting = make.a_meeting(slug="call", format="call")
        guest = make.a_participation(meeting, agency=agency)
        EventTheme.objects.create(event=meeting, theme=make.a_theme(slug="border"))
        then = now()
        change(name, text="Marina")
        make.an_agency_name(agency, "SEMAR")
        guest.delete()
        EventTheme.objects.all().delete()
        change(meeting, format="visit")
        names = [row["text"] for row in ask(api, "agencies/semar", then)["names"]]
        assert names == ["MARINA"]
        call = ask(api, "meetings/call", then)
        assert [row["agency"]["slug"] for row in call["participations"]] == ["semar"]
        assert [theme["slug"] for theme in call["themes"]] == ["border"]
        assert call["format"] == "call"
        assert slugs(api, "meetings", then, agency="semar") == ["call"]
        assert slugs(api, "meetings", now(), agency="semar") == []

    def test_is_disputed_by_what_was_cited_then(self, api):
        deployment = make.a_deployment(slug="troops", personnel="10000")
        citation = make.a_citation(deployment, field="personnel", stated="15000")
        then = now()
        change(citation, stated="10000")
        assert ask(api, "deployments/troops", then)["disputed"] == ["personnel"]
        assert ask(api, "deployments/troops", now())["disputed"] == []
        key = f"deployment-{citation.pk}"
        assert ask(api, f"citations/{key}", then)["stated"] == "15000"
        (shown,) = ask(api, "citations", then, record="troops")["results"]
        assert shown["agreement"] == "contradicts"
        citation.delete()
        assert ask(api, f"citations/{key}", then)["stated"] == "15000"

    def test_bears_the_slug_of_then(self, api):
        agency = make.an_agency(slug="sedena")
        post = make.a_post(agency=agency, slug="secretary")
        then = now()
        rename(agency, "defensa")
        assert ask(api, "agencies/sedena", then)["slug"] == "sedena"
        assert slugs(api, "posts", then, agency="sedena") == ["secretary"]
        assert ask(api, f"posts/{post.slug}", then)["agency"]["slug"] == "sedena"
        later = {"known_at": then}
        assert api.get("/api/v1/agencies/defensa/", later).status_code == 404
        moved = api.get("/api/v1/agencies/sedena/", {"known_at": (then := now())})
        assert moved.status_code == 308
        assert moved["Location"].startswith("http://testserver/api/v1/agencies/defensa")
        assert "known_at=" in moved["Location"]

    def test_answers_what_was_known_then_of_another_date(self, api):
        appointment = make.an_appointment(slug="a", start="2024-10", end="..")
        then = now()
        change(appointment, end="2025-01")
        (found,) = ask(api, "appointments", then, as_of="2025-04-16")["results"]
        assert (found["end"], found["holds"]) == ("..", "yes")
        assert slugs(api, "appointments", now(), as_of="2025-04-16") == []

    def test_of_every_kind_is_in_the_timeline_of_then(self, api):
        makers = (make.a_meeting, make.an_agreement, make.a_deployment)
        made = [maker("Before", slug=maker.__name__.replace("_", "-"), start="2025")
                for maker in (*makers, make.a_milestone)]  # fmt: skip
        then = now()
        for event in made[:2]:
            change(event, title="After", start="2026")
        for event in made[2:]:
            event.delete()
        shown = ask(api, "timeline", then)["results"]
        assert [row["slug"] for row in shown] == [event.slug for event in made]
        assert {row["title"] for row in shown} == {"Before"}
        assert len(slugs(api, "timeline", now())) == 2


class TestWhatThePublicSees:
    def test_is_what_was_public_then(self, api):
        draft = make.a_place(slug="draft", status=DRAFT)
        public = make.a_place(slug="public")
        then = now()
        change(draft, status=Record.Status.PUBLISHED)
        change(public, status=WITHDRAWN)
        assert slugs(api, "places", then) == ["public"]
        address = "/api/v1/places/draft/"
        assert api.get(address, {"known_at": then}).status_code == 404
        assert slugs(api, "places", now()) == ["draft"]

    def test_is_less_than_what_curators_see(self, django_user_model):
        draft = make.a_place("Nogales", slug="draft", status=DRAFT)
        then = now()
        change(draft, name="Heroica Nogales")
        curator = APIClient()
        user = django_user_model.objects.create_superuser("curator")
        curator.force_authenticate(user)
        shown = ask(curator, "places/draft", then)
        assert (shown["name"], shown["status"]) == ("Nogales", "draft")
        assert slugs(curator, "places", then) == ["draft"]


# How many records of each collection are read one by one, and how much that is in all.
EACH, MANY = cases((1, len(thinned(range(24)))), (None, 40))


def everything(api, **query):
    """Every collection and the records in it: address and the bytes of the answer."""
    index = api.get("/api/v1/").json()
    others = ("docs", "schema", "package")
    addresses = [index[name] for name in index if name not in others]
    for address in thinned(addresses):
        asked = {"q": "e"} if address.endswith("/search/") else {}
        answer = api.get(address, {**asked, **query, "limit": 500})
        if answer.status_code == 400 and not asked:
            continue  # takes no such parameters
        assert answer.status_code == 200, answer.content
        yield address, answer.content
        for row in answer.json()["results"][:EACH]:
            if (one := row.get("self")) and not address.endswith("/timeline/"):
                yield one, api.get(one, query).content


class TestEveryAnswer:
    @pytest.fixture
    def made(self):
        made = [maker() for maker in make.EACH_KIND.values()]
        make.a_place("Secret", status=DRAFT)
        return made

    @in_depth("It asks everything there is, thrice.")
    def test_is_byte_for_byte_the_one_that_was_given_then_or_now(self, api, made):
        before = dict(everything(api))
        then = now()
        self.change_all(made)
        after = dict(everything(api))
        assert len(before) > MANY
        assert sum(after.get(address) != before[address] for address in before) > MANY
        assert dict(everything(api, known_at=then)) == before
        assert dict(everything(api, known_at=now())) == after

    def change_all(self, made):
        for row in [row for row in made if type(row) not in make.RECORDS]:
            row.delete()
        for record in [row for row in made if isinstance(row, Record)]:
            change(record, public_note="Changed since.")
            if record.slug.endswith(("1", "4", "7")):
                change(record, status=WITHDRAWN)
            elif record.slug.endswith(("2", "5", "8")):
                rename(record, f"{record.slug}-renamed")
        for maker in {**make.RECORDS, **make.CITATIONS}.values():
            maker()

    def test_is_asked_again_by_what_leads_on(self, api):
        for number in range(3):
            make.an_official(slug=f"o-{number}")
        then = now()
        Official.objects.all().delete()
        page = ask(api, "officials", then, limit=2)
        rest = api.get(page["next"]).json()
        assert [row["slug"] for row in rest["results"]] == ["o-2"]
        assert api.get(rest["previous"]).json()["results"] == page["results"]

    def test_that_has_not_changed_is_not_sent_again(self, api):
        place = make.a_place(slug="nogales")
        address, then = "/api/v1/places/nogales/", {"known_at": now()}
        tag = api.get(address, then)["ETag"]
        change(place, name="Another")
        again = api.get(address, then, headers={"If-None-Match": tag})
        assert again.status_code == 304
        assert api.get(address, headers={"If-None-Match": tag}).status_code == 200


class TestTheTables:
    def test_had_the_last_row_of_those_that_share_a_moment(self):
        place = make.a_place("First")
        change(place, name="Second")
        last = place.history.first()
        assert last.name == "Second"
        with as_known_at(last.history_date):
            assert type(place).objects.get().name == "Second"
        with as_known_at(last.history_date - timedelta(microseconds=1)):
            assert type(place).objects.get().name == "First"

    @pytest.mark.parametrize("error", [ValueError, DatabaseError, KeyboardInterrupt])
    def test_are_themselves_again_whatever_happened(self, error):
        then = timezone.now()
        agency = make.an_agency("Marina")
        with pytest.raises(error), as_known_at(then):
            assert not Agency.objects.exists()
            raise error
        change(agency, name="SEMAR")
        assert [str(one) for one in Agency.objects.all()] == ["SEMAR"]

    def test_are_themselves_again_while_an_answer_is_half_read(self):
        for _number in range(3):
            make.an_agency()
        with as_known_at(timezone.now()):
            half = Agency.objects.iterator(chunk_size=1)
            next(half)
        half.close()
        make.an_agency()
        assert Agency.objects.count() == 4

    @pytest.mark.parametrize(
        "query", [{"agency": "nosuch"}, {"limit": "0"}, {"nosuch": "1"}]
    )
    def test_are_themselves_again_after_a_refusal(self, api, query):
        then = now()
        answer = api.get("/api/v1/posts/", {**query, "known_at": then})
        assert answer.status_code == 400
        make.a_post(slug="secretary")
        assert api.get("/api/v1/posts/secretary/").status_code == 200
        missing = api.get("/api/v1/posts/secretary/", {"known_at": then})
        assert missing.status_code == 404
        assert api.get("/api/v1/posts/secretary/").status_code == 200

    def test_are_not_written_as_of_another_time(self):
        agency = make.an_agency("Marina")
        written = Agency.history.count()
        with pytest.raises(DatabaseError), as_known_at(timezone.now()):
            change(agency, name="SEMAR")
        assert [str(one) for one in Agency.objects.all()] == ["Marina"]
        assert Agency.history.count() == written

    def test_are_not_read_as_of_two_times_at_once(self):
        then = timezone.now()
        make.an_agency()
        with as_known_at(then):
            with pytest.raises(DatabaseError), as_known_at(timezone.now()):
                pass
            assert not Agency.objects.exists()
        assert Agency.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_it_is_read_by_reading_alone_and_takes_no_lock_of_writers(api):
    make.a_meeting(slug="call")
    with CaptureQueriesContext(connection) as asked:
        assert slugs(api, "meetings", now()) == ["call"]
    assert all(query["sql"].startswith(("SELECT ", "WITH ")) for query in asked)
    assert not Meeting.objects.filter(slug="another").exists()
    make.a_meeting(slug="another")


class TestTheMoment:
    def test_of_a_day_is_its_end(self):
        assert moment_of("2026-01-31") == datetime(
            2026, 1, 31, 23, 59, 59, 999999, tzinfo=UTC
        )
        assert moment_of(f"{timezone.now():%Y-%m-%d}") > timezone.now()

    def test_is_one_whatever_the_offset(self):
        at_nine = datetime(2026, 1, 31, 9, 30, tzinfo=UTC)
        assert moment_of("2026-01-31T09:30:00Z") == at_nine
        assert moment_of("2026-01-31T02:30-07:00") == at_nine
        assert moment_of("2026-01-31T09:30:00.000001Z") > at_nine

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("yesterday", "invalid"),
            ("2026", "invalid"),
            ("2026-01", "invalid"),
            ("2026-1-31", "invalid"),
            ("2026-01-31 09:30:00Z", "invalid"),
            ("2026-01-31T09:30:00 02:00", "invalid"),
            ("\uff12026-01-31", "invalid"),
            ("12026-01-31", "invalid"),
            ("-0044-03-15", "invalid"),
            ("2026-01-31'; DROP TABLE entities_agency; --", "invalid"),
            ("2026-01-31T09:30:00", "no_offset"),
            ("2026-01-31T09:30", "no_offset"),
            ("0000-01-01", "never_was"),
            ("2026-02-30", "never_was"),
            ("2026-01-31T25:00:00Z", "never_was"),
            ("2026-01-31T09:30:00+99:00", "never_was"),
            ("0001-01-01T00:00:00+05:00", "never_was"),
            ("9999-12-31", "to_come"),
            ("2999-01-01T00:00:00Z", "to_come"),
        ],
    )
    @time_machine.travel("2026-02-01T12:00:00Z", tick=False)  # it is told in seconds
    def test_is_refused_by_name_with_what_would_be_right(self, api, text, code):
        with pytest.raises(ValidationError) as refused:
            moment_of(text)
        (message,) = refused.value.messages
        for address in ("places", "places/nogales", "timeline", "search", "citations"):
            query = {"known_at": text, **({"q": "a"} if address == "search" else {})}
            answer = api.get(f"/api/v1/{address}/", query)
            assert answer.status_code == 400
            assert answer.json()["errors"] == [
                {"parameter": "known_at", "code": code, "message": message}
            ]

    def test_before_the_first_record_finds_nothing(self, api):
        make.a_place()
        for text in ("0001-01-01", "1848-02-02", "2001-01-01T00:00:00Z"):
            assert slugs(api, "places", text) == []

    @pytest.mark.parametrize("query", ["known_at=", "known_at=2026-01-31&known_at=x"])
    def test_is_given_once(self, api, query):
        answer = api.get(f"/api/v1/places/?{query}")
        assert answer.status_code == 400
        named = {error["parameter"] for error in answer.json()["errors"]}
        assert named == {"known_at"}

    @pytest.mark.parametrize("address", ["", "schema/"])
    def test_is_nothing_that_the_index_and_the_schema_know(self, api, address):
        answer = api.get(f"/api/v1/{address}", {"known_at": "2026-01-31"})
        assert answer.status_code == 400

    def test_is_none_at_which_to_write(self, api, django_user_model):
        api.force_authenticate(django_user_model.objects.create_superuser("writer"))
        place = make.a_place(slug="nogales")
        then = now()
        for method in (api.post, api.put, api.patch, api.delete):
            one = "" if method == api.post else "nogales/"
            answer = method(f"/api/v1/places/{one}?known_at={then}", {"name": "X"})
            assert answer.status_code == 400
            assert answer.json()["errors"][0]["parameter"] == "known_at"
        place.refresh_from_db()
        assert place.version == 1
