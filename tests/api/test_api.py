"""Reading over HTTP: what each collection shows."""

import pytest

from tests import make
from tests.reading import ROOT, ask
from timeline.models import EventTheme

pytestmark = pytest.mark.django_db


UNDATED = {
    name + edge: None if edge else ""
    for name in ("date", "effective")
    for edge in ("", "_earliest", "_latest")
}


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
            "rank_es": "",
            "start": "2024-10",
            "start_earliest": "2024-10-01",
            "start_latest": "2024-10-31",
            "end": "[2025-04-16..]",
            "end_earliest": "2025-04-16",
            "end_latest": None,
            "end_reason": "",
            "end_reason_es": "",
            "public_note": "In office at the call.",
            "public_note_es": "",
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
                    "note_es": "",
                }
            ],
            "disputed": ["start"],
            "in_dispute": "open",
            "support": {"start": {"citations": 0, "sources": 0, "independent": 0}},
            "general_knowledge": ["start", "end"],
            "attested_until": None,
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
        meeting.refresh_from_db()
        assert api.get("/api/v1/meetings/call/").json() == {
            "slug": "call",
            "self": f"{ROOT}meetings/call/",
            "title": "Call",
            "title_es": "",
            "summary": "",
            "summary_es": "",
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
                    **UNDATED,
                    "appointments": [
                        {
                            "slug": "holder",
                            "title": "Ana Núñez, Secretary",
                            "url": f"{ROOT}appointments/holder/",
                        }
                    ],
                },
                {
                    "role": "participant",
                    "official": None,
                    "agency": {
                        "slug": "navy",
                        "name": "Navy",
                        "url": f"{ROOT}agencies/navy/",
                    },
                    **UNDATED,
                    "appointments": [],
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
            "public_note_es": "",
            "version": 6,
            **moments(meeting),
            "citations": [],
            "disputed": [],
            "in_dispute": None,
            "support": {},
            "general_knowledge": [],
        }

    def test_an_agency_shows_all_its_names(self, api):
        mexico = make.a_country(slug="mexico")
        semar = make.an_agency(slug="semar", country=mexico, founded="1940")
        make.an_agency_name(semar, "MARINA", "acronym", language="es", start="2024")
        assert api.get("/api/v1/agencies/semar/").json() == {
            "slug": "semar",
            "self": f"{ROOT}agencies/semar/",
            "name": "Ministry of the Navy",
            "name_es": "",
            "kind": "ministry",
            "country": {
                "slug": "mexico",
                "name": "Mexico",
                "url": f"{ROOT}places/mexico/",
            },
            "parent": None,
            "areas": [],
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
            "public_note_es": "",
            "version": 2,
            **moments(semar),
            "citations": [],
            "disputed": [],
            "in_dispute": None,
            "support": {},
            "general_knowledge": [],
            "attested_until": None,
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
        index = api.get("/api/v1/").json()
        assert index.keys() >= {kind.collection for kind in make.RECORDS}
        for name, address in index.items():
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

    def test_says_whether_a_dispute_is_open_or_all_are_settled(self, api):
        why = {"assessment": "mistaken", "note": "A slip."}
        settled = make.a_deployment(slug="settled", personnel="15000", start="2025")
        make.a_citation(settled, field="personnel", stated="10000", **why)
        still_open = make.a_deployment(slug="open", personnel="15000", start="2025")
        make.a_citation(still_open, field="personnel", stated="10000", **why)
        make.a_citation(still_open, field="start", stated="2024")
        make.a_deployment(slug="neither")
        for collection in ("timeline", "deployments"):
            rows = api.get(f"/api/v1/{collection}/?fields=slug,in_dispute").json()
            assert {row["slug"]: row["in_dispute"] for row in rows["results"]} == {
                "settled": "settled",
                "open": "open",
                "neither": None,
            }
            assert ask(api, collection, in_dispute="open") == ["open"]
            assert ask(api, collection, in_dispute="settled") == ["settled"]
            assert ask(api, collection, in_dispute__n="open,settled") == ["neither"]

    def test_observations_that_contradict_each_other_are_in_dispute(self, api):
        metric = make.a_metric()
        for value in ("10", "20"):
            make.an_observation(metric, value, slug=f"o{value}")
        (one, _other) = api.get("/api/v1/observations/").json()["results"]
        assert (one["disputed"], one["in_dispute"]) == (["value"], "open")


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

    def test_an_entry_tells_all_disputes_and_cites_what_it_shows(self, api):
        deployment = make.a_deployment(slug="troops", personnel="15000", start="2025")
        make.a_citation(deployment, field="personnel", stated="10000")
        make.a_citation(deployment, field="start", stated="2024")
        entry = api.get("/api/v1/timeline/troops/").json()
        assert [c["field"] for c in entry["citations"]] == ["start"]
        assert entry["disputed"] == ["personnel", "start"]
        assert entry["self"] == f"{ROOT}timeline/troops/"
        whole = api.get(entry["url"]).json()
        assert whole["disputed"] == ["personnel", "start"]


class TestCitations:
    def test_those_of_all_kinds_are_one_list(self, api):
        source = make.a_source(slug="article")
        records = make.one_of_each()
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
