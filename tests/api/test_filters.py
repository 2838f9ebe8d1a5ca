"""What a collection can be asked for over HTTP, and in which order it answers."""

import pytest
from django.utils import timezone

from entities.models import Agency
from provenance.models.renaming import rename
from tests import make
from tests.reading import ROOT, ask, slugs
from tests.roles import with_token
from timeline.models import EventTheme

pytestmark = [pytest.mark.django_db, pytest.mark.database]

TOO_MANY = "It takes at most 100 values, and is given at most 10 times."


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

    def test_events_are_found_by_the_role_in_which_somebody_took_part(self, api):
        appointment = make.an_appointment(make.an_official(slug="ana"))
        navy = appointment.post.agency
        bea = make.an_official(slug="bea")
        hosted, seen, secret = (make.a_meeting(slug=s) for s in ("a", "b", "c"))
        make.a_participation(hosted, "host", official=appointment.official)
        make.a_participation(hosted, "moderator", official=bea)
        make.a_participation(
            seen, "observer", official=appointment.official, appointment=appointment
        )
        make.a_participation(seen, "host", official=bea)
        hidden = make.an_official(slug="hidden", status="draft")
        make.a_participation(secret, "observer", official=hidden)
        now = timezone.now().isoformat().replace("+00:00", "Z")
        for query, found in {
            "role=host": ["a", "b"],
            "role=host,observer": ["a", "b"],
            "role=host&role=observer": ["b"],
            "role=observer": ["b"],
            "official=ana&role=host": ["a"],
            "official=ana,bea&role=moderator": ["a"],
            "official=ana&official=bea&role=host": [],
            "official=ana&role__n=host": ["b"],
            f"agency={navy.slug}&role=observer": ["b"],
            f"agency={navy.slug}&role=host": [],
            "role__n=observer": ["a", "c"],
        }.items():
            for collection in ("meetings", "timeline"):
                for moment in ("", f"&known_at={now}"):
                    address = f"/api/v1/{collection}/?{query}{moment}"
                    assert slugs(api.get(address)) == found, address

    def test_metrics_are_found_once_by_any_of_their_dimensions(self, api):
        sex, age = make.a_dimension(slug="sex"), make.a_dimension(slug="age")
        for slug, dimensions in {"both": [sex, age], "one": [sex], "none": []}.items():
            make.a_metric(slug=slug).dimensions.add(*dimensions)
        for query, found in {
            "dimension=sex,age": ["both", "one"],
            "dimension=sex&dimension=age": ["both"],
            "dimension__n=age": ["none", "one"],
        }.items():
            assert slugs(api.get(f"/api/v1/metrics/?{query}")) == found, query

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

    def test_metrics_and_observations_are_found_by_theme(self, api):
        wide = make.a_theme("Security", slug="security")
        narrow = make.a_theme("Patrols", slug="patrols", broader=wide)
        trade, draft = make.a_theme(slug="trade"), make.a_theme(slug="secret")
        draft.status = draft.Status.DRAFT
        draft.save()
        for slug, themes in {"m": [wide, narrow, draft], "n": [trade], "o": []}.items():
            metric = make.a_metric(slug=slug)
            metric.themes.add(*themes)
            make.an_observation(metric, slug=f"of-{slug}")
        for query, found in {
            "theme=security": ["m"],
            "theme=patrols": ["m"],
            "theme=patrols,trade": ["m", "n"],
            "theme=security&theme=trade": [],
            "theme__n=security": ["n", "o"],
        }.items():
            assert slugs(api.get(f"/api/v1/metrics/?{query}")) == found, query
            of_these = [f"of-{slug}" for slug in found]
            answer = api.get(f"/api/v1/observations/?{query}")
            assert slugs(answer) == of_these, query
        (shown,) = api.get("/api/v1/metrics/?theme=patrols").json()["results"]
        assert [theme["slug"] for theme in shown["themes"]] == ["patrols", "security"]
        assert api.get("/api/v1/observations/?theme=secret").status_code == 400

    def test_every_cited_collection_is_found_by_source(self, api):
        source = make.a_source(slug="article")
        for record in make.one_of_each():
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


class TestSeveral:
    """Either by commas, both by asking twice, neither by ``__n``."""

    def test_who_took_part_together_or_one_of_them_or_none(self, api):
        ana, bea = make.an_official(slug="ana"), make.an_official(slug="bea")
        navy = make.an_agency(slug="navy")
        for slug, parties in {
            "all": [{"official": ana}, {"official": bea}, {"agency": navy}],
            "ana": [{"official": ana}],
            "bea": [{"official": bea}, {"agency": navy}],
            "nobody": [],
        }.items():
            meeting = make.a_meeting(slug=slug)
            for party in parties:
                make.a_participation(meeting, **party)
        now = timezone.now().isoformat().replace("+00:00", "Z")
        for query, found in {
            "official=ana,bea": ["all", "ana", "bea"],
            "official=ana&official=bea": ["all"],
            "official=ana,bea&agency=navy": ["all", "bea"],
            "official__n=ana": ["bea", "nobody"],
            "official__n=ana,bea": ["nobody"],
            "official__n=ana&official__n=bea": ["nobody"],
            "agency=navy&official__n=ana": ["bea"],
        }.items():
            for collection in ("meetings", "timeline"):
                for moment in ("", f"&known_at={now}"):
                    address = f"/api/v1/{collection}/?{query}{moment}"
                    assert slugs(api.get(address)) == found, address

    def test_themes_places_sources_and_words(self, api):
        wide = make.a_theme(slug="security")
        drugs = make.a_theme(slug="drugs", broader=wide)
        arms = make.a_theme(slug="arms", broader=wide)
        here, there = make.a_country(slug="mexico"), make.a_country(slug="usa")
        one, other = make.a_source(slug="one"), make.a_source(slug="other")
        for slug, place, themes, sources in [
            ("a", here, [drugs, arms], [one, other]),
            ("b", there, [arms], [one]),
            ("c", None, [], []),
        ]:
            meeting = make.a_meeting("Met", slug=slug, place=place)
            for theme in themes:
                EventTheme.objects.create(event=meeting, theme=theme)
            for source in sources:
                make.a_citation(meeting, source)
        make.an_agreement(slug="pact")
        for query, found in {
            "theme=drugs&theme=arms": ["a"],
            "theme=drugs,arms": ["a", "b"],
            "theme__n=drugs": ["b", "c", "pact"],
            "theme__n=security": ["c", "pact"],
            "place=mexico,usa": ["a", "b"],
            "place__n=mexico": ["b", "c", "pact"],
            "source=one&source=other": ["a"],
            "source__n=other": ["b", "c", "pact"],
            "type=meeting,milestone&source__n=one": ["c"],
            "type__n=meeting": ["pact"],
        }.items():
            assert slugs(api.get(f"/api/v1/timeline/?{query}")) == found, query
        found = api.get("/api/v1/search/?q=met&type=agreement,meeting").json()
        assert {hit["type"] for hit in found["results"]} == {"meeting"}
        for query, number in ("", 3), ("?source=one,other", 3), ("?type__n=meeting", 0):
            listed = api.get(f"/api/v1/citations/{query}").json()["results"]
            assert len(listed) == number, query

    def test_what_is_not_said_is_no_other(self, api):
        """Without a place a meeting is in none of those that are left out."""
        make.a_meeting(slug="a", requested_by=make.an_official(slug="ana"))
        make.a_meeting(slug="b")
        assert ask(api, "meetings", requested_by__n="ana") == ["b"]
        assert ask(api, "meetings", meeting_format__n="call") == ["a", "b"]

    def test_a_whole_list_and_a_page_are_narrowed_alike(self, api, client):
        for slug in "abc":
            make.a_post(f"Chief {slug}", slug=slug, agency=make.an_agency(slug=slug))
        answer = api.get("/api/v1/posts/?agency=a,b&agency__n=b&format=csv&fields=slug")
        assert answer.getvalue().decode().split() == ["slug", "a"]
        page = client.get("/posts/?agency=a,c").content.decode()
        assert [f"Chief {slug}" in page for slug in "abc"] == [True, False, True]
        assert 'name="agency" value="a,c"' in page
        for slug in "ab":
            meeting = make.a_meeting(f"Met by {slug}")
            make.a_participation(meeting, agency=Agency.objects.get(slug="c"))
            make.a_participation(meeting, agency=Agency.objects.get(slug=slug))
        page = client.get("/?agency=a&agency=c&type__n=agreement").content.decode()
        assert ("Met by a" in page, "Met by b" in page) == (True, False)
        assert page.count('<input type="hidden" name="agency"') == 2
        assert client.get("/?from=2020&from=2021").status_code == 400

    def test_many_are_looked_up_at_once(self, api, django_assert_max_num_queries):
        for number in range(100):
            make.a_post(agency=make.an_agency(slug=f"a-{number}"))
        asked = ",".join(f"a-{number}" for number in range(100))
        with django_assert_max_num_queries(4):
            assert len(ask(api, "posts", agency=asked, limit=500)) == 100

    @pytest.mark.parametrize(
        ("query", "message"),
        [
            ("agency=a,nobody", "There is no agency “nobody”."),
            ("agency=a,", "Nothing stands beside a comma; write a,b for a or b."),
            (
                "agency=a&agency=a",
                "A record has only one; for either of several, write agency=a,b.",
            ),
            ("agency=" + "a," * 100 + "a", TOO_MANY),
            ("agency__n=a&" * 10 + "agency__n=a", TOO_MANY),
            ("as_of=2020&certainty=possible,definite", "It takes one value."),
            (
                "agency__not=a",
                "There is no such parameter; did you mean agency__n / agency?",
            ),
            ("from__n=2020", "There is no such parameter; did you mean from?"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, api, query, message):
        make.an_agency(slug="a")
        answer = api.get(f"/api/v1/posts/?{query}")
        assert answer.status_code == 400
        assert [e["message"] for e in answer.json()["errors"]] == [message]


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
        query = {name.removesuffix("_"): value for name, value in query.items()}
        answer = api.get("/api/v1/appointments/", query).json()
        return {row["slug"]: row["holds"] for row in answer["results"]}

    def test_as_of_says_of_each_whether_it_holds(self, api):
        assert self.held(api, as_of="2025-04-16") == {
            "certain": "yes",
            "unsure": "likely",
            "unknown-end": "maybe",
        }

    def test_a_partial_end_is_neither_lost_nor_stretched(self, api):
        assert self.held(api, as_of="2012") == {"ended-in-2013": "yes"}
        assert self.held(api, as_of="2013-06") == {"ended-in-2013": "maybe"}
        assert self.held(api, as_of="2014") == {}

    def test_only_what_certainly_held_on_demand(self, api):
        found = self.held(api, as_of="2025-04-16", certainty="definite")
        assert found == {"certain": "yes"}

    def test_what_is_likely_lies_between_what_may_have_held_and_what_certainly_did(
        self, api
    ):
        source = make.a_source(published="2024-10")
        make.a_citation(self.post.appointments.get(slug="unknown-end"), source)
        assert self.held(api, as_of="2023", certainty="likely") == {
            "unknown-end": "likely"
        }
        found = self.held(api, as_of="2025-04-16", certainty="likely")
        assert found == {"certain": "yes", "unsure": "likely"}
        query = {"from": "2012", "to": "2024-12", "as_of": "2024-09"}
        assert self.held(api, **query)["unknown-end"] == "likely"

    def test_a_range_finds_what_may_have_been_on_in_it(self, api):
        query = {"from": "2013-05", "to": "2019-01"}
        assert ask(api, "appointments", **query) == ["ended-in-2013", "unknown-end"]
        assert ask(api, "appointments", to="2011") == ["ended-in-2013"]
        assert ask(api, "appointments", from_="2026") == ["unknown-end", "unsure"]

    def test_a_range_finds_what_certainly_was_on_in_it(self, api):
        query = {"from": "2019", "to": "2025", "certainty": "definite"}
        # Somewhere in 2019 it began, whenever it ended.
        assert ask(api, "appointments", **query) == ["unknown-end", "certain"]

    def test_a_period_says_of_each_whether_it_held_in_it(self, api):
        query = {"from": "2012", "to": "2024-12"}
        held = {"ended-in-2013": "yes", "unknown-end": "yes"}
        held |= {"certain": "yes", "unsure": "likely"}
        assert self.held(api, **query) == held
        assert self.held(api, from_="2013-06") == {
            "ended-in-2013": "maybe",
            "certain": "yes",
            "unsure": "likely",
            "unknown-end": "yes",
        }
        definite = self.held(api, **query, certainty="definite")
        assert definite == {s: holds for s, holds in held.items() if holds == "yes"}
        both = self.held(api, **query, as_of="2013-06-01")
        assert both == {"ended-in-2013": "maybe"}
        query |= {"format": "csv", "fields": "slug,holds"}
        answer = api.get("/api/v1/appointments/", query)
        rows = [row.split(",") for row in answer.getvalue().decode().split()[1:]]
        assert dict(rows) == held

    def test_no_other_answer_has_the_word(self, api):
        assert "holds" not in api.get("/api/v1/appointments/certain/").json()
        assert "holds" not in api.get("/api/v1/appointments/").json()["results"][0]

    def test_of_each_name_in_a_list_it_is_said_whether_it_was_in_use(
        self, api, admin_user
    ):
        navy = make.an_agency(slug="navy")
        for text, start, end in [
            ("DEFENSA", "2024", ".."),
            ("MARINA", "2008", ""),
            ("SEDENA", "1937", "2024-11"),
            ("SEMAR", "", ""),
            ("SEMEM", "1946", ""),
        ]:
            make.an_agency_name(navy, text, start=start, end=end)
        report = make.a_source(published="2025-03")
        make.a_citation(navy, report, field="names", stated="XX| MARINA |SEMA")
        make.a_citation(navy, make.a_source(published="2020"), field="names")
        hidden = make.a_source(published="2026", status="draft")
        make.a_citation(navy, hidden, field="names", stated="SEMEM")

        def told(**query):
            agencies = api.get("/api/v1/agencies/", query).json()["results"]
            (names,) = [one["names"] for one in agencies if one["slug"] == "navy"]
            return [(name["text"], name["holds"]) for name in names]

        for query in ({"as_of": "2025-01"}, {"from": "2025", "to": "2025"}):
            answers = ["yes", "likely", "no", "maybe", "maybe"]
            expected = ["DEFENSA", "MARINA", "SEDENA", "SEMAR", "SEMEM"]
            expected = list(zip(expected, answers, strict=True))
            api.credentials()
            assert told(**query) == expected
            with_token(api, admin_user)
            assert told(**query) == expected
        assert dict(told(as_of="2024"))["SEDENA"] == "maybe"
        assert dict(told(as_of="2019"))["SEMEM"] == "likely"

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
                "matched_in": "title",
            },
            {
                "type": "agency",
                "slug": "semar",
                "name": "Secretariat of the Navy",
                "url": f"{ROOT}agencies/semar/",
                "matched": "Secretaría de Marina",
                "matched_in": "names",
            },
            {
                "type": "meeting",
                "slug": "visit",
                "title": "A visit",
                "url": f"{ROOT}meetings/visit/",
                "matched": "To the marina.",
                "matched_in": "summary",
            },
        ]

    def test_it_can_keep_to_one_kind(self, api):
        make.an_agency("Marina", slug="semar")
        make.a_source("Marina", slug="article")
        answer = api.get("/api/v1/search/?q=marina&type=agency").json()
        assert [hit["slug"] for hit in answer["results"]] == ["semar"]
