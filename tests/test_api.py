"""Reading over HTTP: what each collection shows, and what it can be asked for."""

import pytest

from provenance.models import Source
from provenance.renaming import rename
from tests import make
from timeline.models import EventTheme

pytestmark = pytest.mark.django_db

ROOT = "http://testserver/api/v1/"


def slugs(answer):
    assert answer.status_code == 200, answer.json()
    return [record["slug"] for record in answer.json()["results"]]


def ask(api, collection, **query):
    """The slugs of the records that a collection answers with, in its order."""
    query = {name.removesuffix("_"): value for name, value in query.items()}
    return slugs(api.get(f"/api/v1/{collection}/", query))


def moments(record):
    return {
        name: getattr(record, name).isoformat().replace("+00:00", "Z")
        for name in ("created_at", "updated_at")
    }


class TestTheBodies:
    """The whole body of one record of each shape."""

    def test_an_appointment_shows_dates_with_bounds_relations_and_citations(self, api):
        official = make.an_official("Ricardo Trevilla Trejo", slug="ricardo-trevilla")
        post = make.a_post("Secretary", slug="secretary", agency=make.an_agency())
        appointment = make.an_appointment(
            official,
            post,
            slug="trevilla",
            start="2024-10",
            end="[2025-04-16..]",
            rank="General",
            public_note="In office at the call.",
        )
        source = make.a_source("A release", slug="release")
        citation = make.a_citation(
            appointment, source, field="start", stated="2023", locator="para. 2"
        )
        assert api.get("/api/v1/appointments/trevilla/").json() == {
            "slug": "trevilla",
            "self": f"{ROOT}appointments/trevilla/",
            "official": {
                "slug": "ricardo-trevilla",
                "name": "Ricardo Trevilla Trejo",
                "url": f"{ROOT}officials/ricardo-trevilla/",
            },
            "post": {
                "slug": "secretary",
                "title": "Secretary",
                "url": f"{ROOT}posts/secretary/",
            },
            "kind": "substantive",
            "rank": "General",
            "start": "2024-10",
            "start_earliest": "2024-10-01",
            "start_latest": "2024-10-31",
            "end": "[2025-04-16..]",
            "end_earliest": "2025-04-16",
            "end_latest": None,
            "end_reason": "",
            "public_note": "In office at the call.",
            "version": 2,
            **moments(appointment),
            "citations": [
                {
                    "key": f"appointment-{citation.pk}",
                    "source": {
                        "slug": "release",
                        "title": "A release",
                        "url": f"{ROOT}sources/release/",
                    },
                    "field": "start",
                    "locator": "para. 2",
                    "stated": "2023",
                    "as_of": "",
                    "as_of_earliest": None,
                    "as_of_latest": None,
                    "agreement": "contradicts",
                    "assessment": "",
                    "note": "",
                }
            ],
            "disputed": ["start"],
            "support": {"start": {"citations": 0, "independent": 0}},
        }

    def test_a_meeting_shows_who_took_part_in_what_capacity_and_what_it_led_to(
        self, api
    ):
        nogales, border = make.a_place(slug="nogales"), make.a_theme(slug="border")
        appointment = make.an_appointment(slug="holder")
        guest = make.an_agency("Navy", slug="navy")
        meeting = make.a_meeting(
            "Call",
            slug="call",
            start="2025-02",
            place=nogales,
            format="call",
            requested_by=appointment.official,
        )
        EventTheme.objects.create(event=meeting, theme=border)
        make.a_participation(
            meeting, "host", official=appointment.official, appointment=appointment
        )
        make.a_participation(meeting, "participant", agency=guest)
        pact = make.an_agreement("Pact", slug="pact")
        make.a_link(meeting, "resulted-in", pact)
        earlier = make.a_milestone("Tariffs", slug="tariffs")
        make.a_link(earlier, "follows", meeting)
        official = {
            "slug": appointment.official.slug,
            "name": "Ana Núñez",
            "url": f"{ROOT}officials/{appointment.official.slug}/",
        }
        assert api.get("/api/v1/meetings/call/").json() == {
            "slug": "call",
            "self": f"{ROOT}meetings/call/",
            "title": "Call",
            "summary": "",
            "start": "2025-02",
            "start_earliest": "2025-02-01",
            "start_latest": "2025-02-28",
            "end": "",
            "end_earliest": "2025-02-01",
            "end_latest": "2025-02-28",
            "place": {
                "slug": "nogales",
                "name": "Nogales",
                "url": f"{ROOT}places/nogales/",
            },
            "themes": [
                {
                    "slug": "border",
                    "name": "Border security",
                    "url": f"{ROOT}themes/border/",
                }
            ],
            "participations": [
                {
                    "role": "host",
                    "official": official,
                    "agency": None,
                    "appointment": {
                        "slug": "holder",
                        "title": "Ana Núñez, Secretary",
                        "url": f"{ROOT}appointments/holder/",
                    },
                },
                {
                    "role": "participant",
                    "official": None,
                    "agency": {
                        "slug": "navy",
                        "name": "Navy",
                        "url": f"{ROOT}agencies/navy/",
                    },
                    "appointment": None,
                },
            ],
            "format": "call",
            "requested_by": official,
            "links": [
                {
                    "kind": "resulted-in",
                    "event": {
                        "slug": "pact",
                        "title": "Pact",
                        "url": f"{ROOT}agreements/pact/",
                        "type": "agreement",
                    },
                }
            ],
            "linked_from": [
                {
                    "kind": "follows",
                    "event": {
                        "slug": "tariffs",
                        "title": "Tariffs",
                        "url": f"{ROOT}milestones/tariffs/",
                        "type": "milestone",
                    },
                }
            ],
            "public_note": "",
            "version": 5,
            **moments(meeting),
            "citations": [],
            "disputed": [],
            "support": {},
        }

    def test_an_agency_shows_all_its_names(self, api):
        mexico = make.a_country(slug="mexico")
        semar = make.an_agency(slug="semar", country=mexico, founded="1940")
        make.an_agency_name(semar, "MARINA", "acronym", language="es", start="2024")
        assert api.get("/api/v1/agencies/semar/").json() == {
            "slug": "semar",
            "self": f"{ROOT}agencies/semar/",
            "name": "Ministry of the Navy",
            "kind": "ministry",
            "country": {
                "slug": "mexico",
                "name": "Mexico",
                "url": f"{ROOT}places/mexico/",
            },
            "parent": None,
            "founded": "1940",
            "founded_earliest": "1940-01-01",
            "founded_latest": "1940-12-31",
            "dissolved": "",
            "dissolved_earliest": None,
            "dissolved_latest": None,
            "names": [
                {
                    "text": "MARINA",
                    "kind": "acronym",
                    "language": "es",
                    "start": "2024",
                    "start_earliest": "2024-01-01",
                    "start_latest": "2024-12-31",
                    "end": "",
                    "end_earliest": None,
                    "end_latest": None,
                }
            ],
            "public_note": "",
            "version": 2,
            **moments(semar),
            "citations": [],
            "disputed": [],
            "support": {},
        }

    def test_an_observation_shows_its_quantity_as_text_and_as_numbers(self, api):
        make.an_observation(slug="about", value="~10000")
        make.an_observation(slug="more", value=">0.5")
        make.an_observation(slug="none", value="", value_missing="withheld")
        found = {
            record["slug"]: [record[k] for k in ("value", "value_low", "value_high")]
            for record in api.get("/api/v1/observations/").json()["results"]
        }
        assert found == {
            "about": ["~10000", 9000, 11000],
            "more": [">0.5", 0.5, None],
            "none": ["", None, None],
        }
        assert b'"value_low":9000,' in api.get("/api/v1/observations/about/").content

    def test_a_place_has_its_position_in_numbers(self, api):
        make.a_place(slug="nogales", latitude="31.33000", longitude="-110.9")
        shown = api.get("/api/v1/places/nogales/").json()
        assert (shown["latitude"], shown["longitude"]) == (31.33, -110.9)

    def test_a_source_shows_where_it_can_be_read_and_what_it_repeats(self, api):
        release = make.a_source("Release", slug="release")
        article = make.a_source(
            "Article", slug="article", url="https://example.org/1", published="2025-02?"
        )
        article.reports.add(release)
        shown = api.get("/api/v1/sources/article/").json()
        assert shown["self"] == f"{ROOT}sources/article/"
        assert shown["url"] == "https://example.org/1"
        assert shown["reports"] == [
            {"slug": "release", "title": "Release", "url": f"{ROOT}sources/release/"}
        ]
        assert "citations" not in shown

    def test_the_index_leads_to_every_collection(self, api):
        for name, address in api.get("/api/v1/").json().items():
            query = {"q": "navy"} if name == "search" else {}
            assert api.get(address, query).status_code == 200, name

    def test_an_address_without_its_last_slash_answers_as_well(self, api):
        make.an_official(slug="ana")
        for address in ("/api/v1/officials", "/api/v1/officials/ana"):
            assert api.get(address).content == api.get(f"{address}/").content


class TestFields:
    def test_only_the_fields_asked_for_are_shown(self, api):
        make.an_official("Ana", slug="ana")
        answer = api.get("/api/v1/officials/ana/?fields=name,slug")
        assert answer.json() == {"slug": "ana", "name": "Ana"}
        answer = api.get("/api/v1/officials/?fields=name").json()
        assert answer["results"] == [{"name": "Ana"}]

    def test_a_field_in_dispute_is_named_even_if_the_field_itself_is_not_shown(
        self, api
    ):
        agency = make.an_agency(slug="navy", country=make.a_country())
        other = make.a_country("Belize", slug="belize")
        make.a_citation(agency, field="country", stated=other.slug)
        answer = api.get("/api/v1/agencies/navy/?fields=disputed")
        assert answer.json() == {"disputed": ["country"]}


class TestFilters:
    def test_appointments_are_found_by_official_post_and_agency(self, api):
        wanted = make.an_appointment(slug="wanted", kind="acting")
        make.an_appointment(slug="other")
        agency = wanted.post.agency
        for name, record in (
            ("official", wanted.official),
            ("post", wanted.post),
            ("agency", agency),
        ):
            assert ask(api, "appointments", **{name: record.slug}) == ["wanted"]
        assert ask(api, "appointments", kind="acting") == ["wanted"]
        assert ask(api, "appointments", agency=agency.slug, kind="interim") == []

    def test_events_are_found_by_who_took_part(self, api):
        appointment = make.an_appointment()
        official, agency = appointment.official, appointment.post.agency
        make.a_meeting(slug="other")
        by_person = make.a_meeting(slug="by-person")
        # Twice in one event, and yet the event is found once.
        for role in ("host", "moderator"):
            make.a_participation(by_person, role, official=official)
        in_office = make.a_meeting(slug="in-office")
        make.a_participation(in_office, official=official, appointment=appointment)
        by_itself = make.a_meeting(slug="by-itself")
        make.a_participation(by_itself, agency=agency)
        for collection in ("meetings", "timeline"):
            found = ask(api, collection, official=official.slug)
            assert found == ["by-person", "in-office"]
            found = ask(api, collection, agency=agency.slug)
            assert found == ["in-office", "by-itself"]

    def test_events_are_found_by_place_and_theme_and_what_lies_below(self, api):
        mexico = make.a_country(slug="mexico")
        sonora = make.a_place("Sonora", "state", slug="sonora", parent=mexico)
        nogales = make.a_place(slug="nogales", parent=sonora)
        wide = make.a_theme("Security", slug="security")
        narrow = make.a_theme("Patrols", slug="patrols", broader=wide)
        here = make.a_meeting(slug="here", place=nogales)
        EventTheme.objects.create(event=here, theme=narrow)
        make.a_meeting(slug="elsewhere", place=make.a_place(slug="tucson"))
        for place in ("mexico", "sonora", "nogales"):
            assert ask(api, "timeline", place=place) == ["here"]
        for theme in ("security", "patrols"):
            assert ask(api, "meetings", theme=theme) == ["here"]
        make.an_observation(slug="counted", place=nogales)
        assert ask(api, "observations", place="mexico") == ["counted"]

    def test_every_cited_collection_is_found_by_source(self, api):
        source = make.a_source(slug="article")
        for record in one_of_each():
            make.a_citation(record, source)
            make.a_citation(record, source, locator="again")
            found = ask(api, record.collection, source="article")
            assert found == [record.slug], record.collection
        assert len(ask(api, "timeline", source="article")) == 4

    @pytest.mark.parametrize(
        ("collection", "query"),
        [
            ("agreements", {"state": "expected", "kind": "treaty"}),
            ("deployments", {"kind": "relief"}),
            ("milestones", {"kind": "election"}),
            ("metrics", {"kind": "money"}),
            ("observations", {"modality": "planned"}),
            ("places", {"kind": "sea-area"}),
            ("agencies", {"kind": "command"}),
            ("sources", {"kind": "law"}),
        ],
    )
    def test_words_are_found(self, api, collection, query):
        (maker,) = (
            m for kind, m in make.RECORDS.items() if kind.collection == collection
        )
        maker(slug="wanted", **query)
        maker(slug="other")
        assert ask(api, collection, **query) == ["wanted"]

    def test_meetings_are_found_by_how_they_met(self, api):
        make.a_meeting(slug="wanted", format="call")
        make.a_meeting(slug="other")
        assert ask(api, "meetings", meeting_format="call") == ["wanted"]

    def test_the_kinds_are_found_by_their_own_relations(self, api):
        official, meeting = make.an_official(slug="ana"), make.a_meeting(slug="call")
        make.a_meeting(slug="asked-for", requested_by=official)
        assert ask(api, "meetings", requested_by="ana") == ["asked-for"]
        make.an_agreement(slug="pact", concluded_at=meeting)
        make.an_agreement(slug="other")
        assert ask(api, "agreements", concluded_at="call") == ["pact"]
        metric, agency = make.a_metric(slug="troops"), make.an_agency(slug="dod")
        make.an_observation(metric, slug="counted", reported_by=agency)
        make.an_observation(slug="other-count")
        assert ask(api, "observations", metric="troops") == ["counted"]
        assert ask(api, "observations", reported_by="dod") == ["counted"]

    def test_a_former_slug_still_finds_and_still_leads_to_its_record(self, api):
        agency = make.an_agency(slug="sedena")
        make.a_post(slug="secretary", agency=agency)
        rename(agency, "defensa")
        assert ask(api, "posts", agency="sedena") == ["secretary"]
        answer = api.get("/api/v1/agencies/sedena/?fields=slug")
        assert answer.status_code == 308
        assert answer["Location"] == f"{ROOT}agencies/defensa/?fields=slug"
        agency.status = agency.Status.DRAFT
        agency.save()
        unknown = api.get("/api/v1/agencies/nothing/")
        assert api.get("/api/v1/agencies/sedena/").content == unknown.content

    def test_a_former_slug_leads_to_an_event_in_the_timeline_too(self, api):
        rename(make.a_meeting(slug="call"), "video-call")
        answer = api.get("/api/v1/timeline/call/")
        assert answer["Location"] == f"{ROOT}timeline/video-call/"


class TestWords:
    def test_names_are_found_without_accents_case_or_being_the_listed_one(self, api):
        ana = make.an_official("Raúl Benítez Manaut", slug="raul")
        make.an_official("Other", slug="other")
        make.an_official_name(ana, "Dr. Raul B.")
        for text in ("benitez", "BENÍTEZ raul", "dr raul"):
            assert ask(api, "officials", q=text) == ["raul"], text
        assert ask(api, "officials", q="benitez other") == []

    def test_signs_alone_are_in_no_name(self, api):
        make.an_official(slug="ana")
        for text in ("%", "_", "'", '"~(', "%%_"):
            assert ask(api, "officials", q=text) == [], text

    def test_appointments_are_found_by_official_and_post(self, api):
        make.an_appointment(make.an_official("Núñez"), make.a_post("Secretary"))
        assert len(ask(api, "appointments", q="nunez secretary")) == 1


class TestTime:
    @pytest.fixture(autouse=True)
    def appointments(self, db):
        self.post = make.a_post()
        for slug, start, end in [
            ("certain", "2024-10-01", "2025-12-31"),
            ("ended-in-2013", "2010", "2013"),
            ("unsure", "2024?", ".."),
            ("unknown-end", "2019", ""),
        ]:
            make.an_appointment(post=self.post, slug=slug, start=start, end=end)

    def held(self, api, **query):
        answer = api.get("/api/v1/appointments/", query).json()
        return {row["slug"]: row["holds"] for row in answer["results"]}

    def test_as_of_says_of_each_whether_it_holds(self, api):
        assert self.held(api, as_of="2025-04-16") == {
            "certain": "yes",
            "unsure": "maybe",
            "unknown-end": "maybe",
        }

    def test_a_partial_end_is_neither_lost_nor_stretched(self, api):
        assert self.held(api, as_of="2012") == {"ended-in-2013": "yes"}
        assert self.held(api, as_of="2013-06") == {"ended-in-2013": "maybe"}
        assert self.held(api, as_of="2014") == {}

    def test_only_what_certainly_held_on_demand(self, api):
        found = self.held(api, as_of="2025-04-16", certainty="definite")
        assert found == {"certain": "yes"}

    def test_a_range_finds_what_may_have_been_on_in_it(self, api):
        query = {"from": "2013-05", "to": "2019-01"}
        assert ask(api, "appointments", **query) == ["ended-in-2013", "unknown-end"]
        assert ask(api, "appointments", to="2011") == ["ended-in-2013"]
        assert ask(api, "appointments", from_="2026") == ["unknown-end", "unsure"]

    def test_a_range_finds_what_certainly_was_on_in_it(self, api):
        query = {"from": "2019", "to": "2025", "certainty": "definite"}
        # Somewhere in 2019 it began, whenever it ended.
        assert ask(api, "appointments", **query) == ["unknown-end", "certain"]

    def test_no_other_answer_has_the_word(self, api):
        assert "holds" not in api.get("/api/v1/appointments/certain/").json()
        assert "holds" not in api.get("/api/v1/appointments/").json()["results"][0]

    def test_agencies_hold_from_their_founding_to_their_end(self, api):
        make.an_agency(slug="old", founded="1900", dissolved="1950")
        assert "old" in ask(api, "agencies", as_of="1940")
        assert "old" not in ask(api, "agencies", as_of="1960")

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ({"as_of": "2025-02-30"}, "as_of"),
            ({"as_of": "03/04/2024"}, "as_of"),
            ({"as_of": "2024/2025"}, "as_of"),
            ({"as_of": ".."}, "as_of"),
            ({"from": "2020", "to": "2019"}, "to"),
            ({"certainty": "definite"}, "certainty"),
            ({"certainty": "sure", "as_of": "2020"}, "certainty"),
        ],
    )
    def test_what_is_no_date_is_refused(self, api, query, parameter):
        answer = api.get("/api/v1/appointments/", query)
        assert answer.status_code == 400
        assert [e["parameter"] for e in answer.json()["errors"]] == [parameter]


class TestOrder:
    def test_by_default_events_come_in_time_and_records_by_slug(self, api):
        make.a_meeting(slug="b", start="2020")
        make.a_milestone(slug="c", start="2019")
        make.a_meeting(slug="a", start="2021-05")
        assert ask(api, "timeline") == ["c", "b", "a"]
        assert ask(api, "meetings") == ["b", "a"]
        for slug in ("z", "y"):
            make.an_official(slug=slug)
        assert ask(api, "officials") == ["y", "z"]

    def test_it_can_be_another_one_and_backwards(self, api):
        make.an_official("A", slug="z")
        make.an_official("B", slug="y")
        assert ask(api, "officials", ordering="name") == ["z", "y"]
        assert ask(api, "officials", ordering="-slug") == ["z", "y"]
        assert ask(api, "officials", ordering="-updated_at") == ["y", "z"]

    def test_only_what_is_on_the_list_can_be_ordered_by(self, api):
        for name in ("private_note", "search_text", "-", "?", "citations__quotation"):
            answer = api.get("/api/v1/officials/", {"ordering": name})
            assert answer.status_code == 400, name


class TestTimeline:
    def test_it_is_one_stream_of_all_kinds(self, api):
        make.a_meeting(slug="m", start="2008-01")
        make.an_agreement(slug="a", start="2008-02")
        make.a_deployment(slug="d", start="2008-03", end="2009")
        make.a_milestone(slug="s", start="2010")
        entries = api.get("/api/v1/timeline/?from=2008&to=2009").json()["results"]
        assert [(entry["type"], entry["url"]) for entry in entries] == [
            ("meeting", f"{ROOT}meetings/m/"),
            ("agreement", f"{ROOT}agreements/a/"),
            ("deployment", f"{ROOT}deployments/d/"),
        ]
        assert ask(api, "timeline", type="milestone") == ["s"]

    def test_an_entry_cites_what_it_shows_and_leaves_the_rest_to_its_kind(self, api):
        deployment = make.a_deployment(slug="troops", personnel="15000", start="2025")
        make.a_citation(deployment, field="personnel", stated="10000")
        make.a_citation(deployment, field="start", stated="2024")
        entry = api.get("/api/v1/timeline/troops/").json()
        assert [c["field"] for c in entry["citations"]] == ["start"]
        assert entry["disputed"] == ["start"]
        assert entry["self"] == f"{ROOT}timeline/troops/"
        whole = api.get(entry["url"]).json()
        assert whole["disputed"] == ["personnel", "start"]


class TestCitations:
    def test_those_of_all_kinds_are_one_list(self, api):
        source = make.a_source(slug="article")
        records = one_of_each()
        for record in records:
            make.a_citation(record, source, field="", locator="para. 1")
        rows = api.get("/api/v1/citations/?source=article").json()["results"]
        assert {(row["type"], row["record"]["slug"]) for row in rows} == {
            (record.type_name(), record.slug) for record in records
        }
        for row in rows:
            assert api.get(row["self"]).json() == row
            assert api.get(row["record"]["url"]).status_code == 200

    def test_one_compares_what_is_stated_with_the_whole_record(self, api):
        agreement = make.an_agreement(slug="pact", state="signed")
        make.a_provision(agreement, text="They share.")
        make.a_citation(agreement, field="state", stated="expected")
        make.a_citation(agreement, field="provisions", stated="They share.")
        rows = api.get("/api/v1/citations/?type=agreement").json()["results"]
        assert [(row["field"], row["agreement"]) for row in rows] == [
            ("state", "contradicts"),
            ("provisions", "agrees"),
        ]

    def test_they_are_found_by_type_record_field_and_assessment(self, api):
        meeting, milestone = make.a_meeting(slug="call"), make.a_milestone(slug="act")
        for record in (meeting, milestone):
            make.a_citation(record)
            make.a_citation(
                record, field="start", stated="2020", assessment="mistaken", note="Why."
            )

        def found(**query):
            answer = api.get("/api/v1/citations/", query)
            assert answer.status_code == 200, answer.json()
            rows = answer.json()["results"]
            return [(row["record"]["slug"], row["field"]) for row in rows]

        assert found(type="meeting") == [("call", ""), ("call", "start")]
        assert found(record="act") == [("act", ""), ("act", "start")]
        assert found(record="act", field="start") == [("act", "start")]
        assert found(field="") == [("call", ""), ("act", "")]
        assert found(assessment="mistaken", type="milestone") == [("act", "start")]

    def test_two_records_of_one_number_each_show_their_own(self, api):
        """Peers with generic relations have shown one the citations of the other."""
        place, theme = make.a_place(pk=77, slug="p"), make.a_theme(pk=77, slug="t")
        make.a_citation(place, locator="of the place")
        make.a_citation(theme, locator="of the theme")
        for collection, slug, locator in (
            ("places", "p", "of the place"),
            ("themes", "t", "of the theme"),
        ):
            shown = api.get(f"/api/v1/{collection}/{slug}/").json()["citations"]
            assert [row["locator"] for row in shown] == [locator]

    def test_a_key_of_another_kind_is_none(self, api):
        citation = make.a_citation(make.a_meeting())
        assert api.get(f"/api/v1/citations/meeting-{citation.pk}/").status_code == 200
        for key in (f"milestone-{citation.pk}", f"event-{citation.pk}", "meeting-0"):
            assert api.get(f"/api/v1/citations/{key}/").status_code == 404


class TestSearch:
    def test_it_finds_records_of_every_kind_and_says_by_which_name(self, api):
        navy = make.an_agency("Secretariat of the Navy", slug="semar")
        make.an_agency_name(navy, "Secretaría de Marina")
        make.a_source("Marina and Defensa", slug="article")
        make.a_meeting("A visit", slug="visit", summary="To the marina.")
        make.a_place("Elsewhere")
        assert api.get("/api/v1/search/?q=MARÍNA").json()["results"] == [
            {
                "type": "source",
                "slug": "article",
                "title": "Marina and Defensa",
                "url": f"{ROOT}sources/article/",
                "matched": "Marina and Defensa",
            },
            {
                "type": "agency",
                "slug": "semar",
                "name": "Secretariat of the Navy",
                "url": f"{ROOT}agencies/semar/",
                "matched": "Secretaría de Marina",
            },
            {
                "type": "meeting",
                "slug": "visit",
                "title": "A visit",
                "url": f"{ROOT}meetings/visit/",
                "matched": None,
            },
        ]

    def test_it_can_keep_to_one_kind(self, api):
        make.an_agency("Marina", slug="semar")
        make.a_source("Marina", slug="article")
        answer = api.get("/api/v1/search/?q=marina&type=agency").json()
        assert [hit["slug"] for hit in answer["results"]] == ["semar"]


class TestReadingAgain:
    def test_what_has_not_changed_is_not_sent_again(self, api):
        official = make.an_official(slug="ana")
        for address in ("/api/v1/officials/", "/api/v1/officials/ana/"):
            first = api.get(address)
            again = api.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
            assert (again.status_code, again.content) == (304, b"")
        official.honorific = "Dr."
        official.save()
        again = api.get("/api/v1/officials/", HTTP_IF_NONE_MATCH=first["ETag"])
        assert again.status_code == 200

    def test_caches_neither_keep_nor_mix_up_answers(self, api):
        answer = api.get("/api/v1/officials/")
        assert answer["Cache-Control"] == "no-cache"
        assert "Authorization" in answer["Vary"]

    def test_head_is_get_without_the_body(self, api):
        assert api.head("/api/v1/officials/").status_code == 200
        assert api.head("/api/v1/officials/").content == b""


def one_of_each():
    """A record of every kind that is cited."""
    return [maker() for kind, maker in make.RECORDS.items() if kind is not Source]
