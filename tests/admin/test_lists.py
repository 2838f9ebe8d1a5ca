"""The lists of the admin: what they show, how they are searched and filtered."""

import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entities.models import Agency, Appointment, Official, Place
from provenance.models import Source
from provenance.tracking.changes import changing
from tests import make
from tests.curating import (
    MAKERS,
    address,
    listed,
    said,
    telling_kinds,
)
from tests.depth import cases
from timeline.models import (
    Deployment,
    Event,
    Meeting,
    Theme,
)

pytestmark = pytest.mark.django_db


class TestLists:
    @telling_kinds
    def test_take_as_many_queries_for_ten_records_as_for_one(self, curator, model):
        def queries():
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert curator.get(address(model, "changelist")).status_code == 200
            return len(caught)

        @changing("other")  # as one change, which is faster
        def one_more():
            record = MAKERS[model]()
            if model is Source:
                make.a_citation(make.a_place(), source=record)
                return
            for number in range(2):
                make.a_citation(record, locator=f"para. {number}")
            if "names" in model.lists:
                record.names.create(text="Another name", kind="short")
                make.a_citation(record, field="names", stated="A wrong name")
            if "participations" in model.lists:
                make.a_participation(record)
                make.a_participation(record, agency=make.an_agency())
                make.a_citation(record, field="participations", stated="nobody")

        one_more()
        curator.get(address(model, "changelist"))
        with_one = queries()
        for _number in range(cases(2, 9)):
            one_more()
        assert queries() == with_one

    @pytest.mark.database
    @telling_kinds
    def test_are_sorted_by_every_column_that_offers_it(self, curator, model):
        MAKERS[model]()
        columns = admin.site.get_model_admin(model).list_display
        for number in range(1, len(columns) + 1):
            for order in cases((number,), (number, -number)):
                answer = curator.get(address(model, "changelist"), {"o": order})
                assert len(listed(answer)) == 1, columns[number - 1]

    def test_show_what_is_disputed(self, curator):
        meeting = make.a_meeting(start="2025-02-05")
        make.a_citation(meeting, field="start", stated="2025-01")
        agency = make.an_agency()
        make.a_citation(agency, field="name", stated="Another Ministry")
        page = curator.get(address(Meeting, "changelist")).content.decode()
        assert re.search(r"field-in_dispute.*?start", page, re.DOTALL)
        page = curator.get(address(Agency, "changelist")).content.decode()
        assert re.search(r"field-in_dispute.*?name", page, re.DOTALL)

    def test_show_a_date_as_people_read_it_and_its_text_in_a_tooltip(self, curator):
        make.an_appointment(start="2019-03~", end="..")
        page = curator.get(address(Appointment, "changelist")).content.decode()
        read = "about March 2019 → still going on"
        assert f'<span title="2019-03~ – ..">{read}</span>' in page

    def test_count_what_a_source_is_cited_for(self, curator):
        source = make.a_source()
        for record in (make.a_place(), make.a_meeting(), make.a_metric()):
            make.a_citation(record, source=source)
        (found,) = listed(curator.get(address(Source, "changelist")))
        assert found.citations_from_it == 3

    def test_never_show_all_of_a_long_table_at_once(self, curator):
        for _number in range(51):
            make.a_theme()
        assert len(listed(curator.get(address(Theme, "changelist")))) == 50
        everything = curator.get(address(Theme, "changelist"), {"all": ""})
        assert len(listed(everything)) == 50

    @pytest.mark.parametrize("query", ["p=99999", "p=abc", "o=99.-7.x", "p=-1"])
    def test_answer_any_page_and_order(self, curator, query):
        response = curator.get(f"{address(Place, 'changelist')}?{query}", follow=True)
        assert response.status_code == 200

    def test_of_events_lead_each_to_its_own_kind(self, curator):
        meeting = make.a_meeting()
        page = address(Event, "change", meeting.pk)
        assert curator.get(page).url == address(Meeting, "change", meeting.pk)
        assert curator.get(address(Event, "change", 0)).status_code == 302
        for page in ("add",):
            assert curator.get(address(Event, page)).status_code == 403


@pytest.mark.database
class TestSearch:
    @pytest.fixture
    def official(self):
        official = make.an_official("Julio César Benítez")
        make.an_official_name(official, "Capitán Trueno", kind="former")
        make.an_official("Ana Núñez")
        return official

    @pytest.mark.parametrize("text", ["Benitez", "BENÍTEZ cesar", "trueno", "capitan"])
    def test_needs_neither_accents_nor_the_present_name(self, curator, official, text):
        assert listed(curator.get(address(Official, "changelist"), {"q": text})) == [
            official
        ]

    def test_finds_acronyms(self, curator):
        marina = make.an_agency("Secretaría de Marina")
        make.an_agency_name(marina, "SEMAR", kind="acronym")
        make.an_agency("SEDENA")
        page = curator.get(address(Agency, "changelist"), {"q": "semar"})
        assert listed(page) == [marina]

    def test_finds_an_appointment_by_its_official_and_its_post(self, curator, official):
        held = make.an_appointment(official, make.a_post("Secretary of the Navy"))
        make.an_appointment()
        page = curator.get(address(Appointment, "changelist"), {"q": "benitez navy"})
        assert listed(page) == [held]

    @pytest.mark.parametrize("text", ["a b c d e f g h i", "x" * 101, "ab " * 20_000])
    def test_says_when_it_was_asked_too_much(self, curator, text):
        make.a_place()
        page = curator.get(address(Place, "changelist"), {"q": text})
        assert page.status_code == 200
        assert listed(page) == []
        assert said(page) == ["Search for at most 8 words of at most 100 letters."]

    @pytest.mark.parametrize("page", ["auth_user", "auth_group"])
    def test_of_people_answers_whatever_it_is_asked(self, curator, page):
        for text in ("x" * 60_000, "ab " * 3000):
            found = curator.get(reverse(f"admin:{page}_changelist"), {"q": text})
            assert listed(found) == []
            assert said(found) == ["Search for at most 8 words of at most 100 letters."]
        for text in ("\u0301" * 60_000, "! " * 3000, "\x00"):
            found = curator.get(reverse(f"admin:{page}_changelist"), {"q": text})
            assert found.status_code == 200

    @pytest.mark.parametrize("text", ["%", "_", "'", "%00", "\x00", "😀", "ø"])
    def test_takes_every_character_as_itself(self, curator, text):
        make.a_place("Nogales")
        page = curator.get(address(Place, "changelist"), {"q": text})
        assert page.status_code == 200

    def choices(self, client, model, field, term):
        return client.get(
            reverse("admin:autocomplete"),
            {
                "app_label": model._meta.app_label,
                "model_name": model._meta.model_name,
                "field_name": field,
                "term": term,
            },
        )

    def test_offers_related_records_by_any_of_their_names(self, curator, official):
        found = self.choices(curator, Appointment, "official", "trueno").json()
        assert found["results"] == [{"id": str(official.pk), "text": str(official)}]

    def test_tells_posts_of_the_same_title_apart(self, curator):
        make.a_post("Secretary", make.an_agency("SEMAR"))
        make.a_post("Secretary", make.an_agency("SEDENA"))
        found = self.choices(curator, Appointment, "post", "secretary").json()
        texts = {choice["text"] for choice in found["results"]}
        assert texts == {"Secretary, SEMAR", "Secretary, SEDENA"}

    def test_offers_only_countries_as_a_country(self, curator):
        country = make.a_country("Mexico")
        make.a_place("Mexico City")
        found = self.choices(curator, Agency, "country", "mexico").json()
        assert [choice["id"] for choice in found["results"]] == [str(country.pk)]

    def test_offers_events_of_every_kind_as_the_target_of_a_link(self, curator):
        meeting = make.a_meeting("Call of the two", start="2025-02")
        found = self.choices(curator, Event.links.rel.related_model, "target", "call")
        assert found.json()["results"] == [
            {"id": str(meeting.pk), "text": "Call of the two (meeting, February 2025)"}
        ]

    def test_of_choices_answers_whatever_it_is_asked(self, curator):
        for term in ("x" * 5000, "a " * 9, "\x00", "%"):
            found = self.choices(curator, Appointment, "official", term)
            assert found.status_code == 200
            assert found.json()["results"] == []
        assert said(curator.get(address(Place, "changelist"))) == []


@pytest.mark.database
class TestFilters:
    def of(self, client, model, **query):
        return listed(client.get(address(model, "changelist"), query))

    def test_by_kind_status_and_country(self, curator):
        mexico = make.a_country("Mexico")
        ministry = make.an_agency(country=mexico)
        draft = make.an_agency(kind="command", status="draft")
        assert self.of(curator, Agency, kind__exact="ministry") == [ministry]
        assert self.of(curator, Agency, status__exact="draft") == [draft]
        assert self.of(curator, Agency, country__id__exact=mexico.pk) == [ministry]

    def test_by_the_official_the_agency_and_the_place_of_an_event(self, curator):
        official, agency, place = (
            make.an_official(),
            make.an_agency(),
            make.a_place(),
        )
        meeting = make.a_meeting(place=place)
        make.a_participation(meeting, official=official)
        make.a_participation(meeting, agency=agency)
        make.a_meeting()
        for name, record in {
            "participations__official__id__exact": official,
            "participations__agency__id__exact": agency,
            "place__id__exact": place,
        }.items():
            assert self.of(curator, Meeting, **{name: record.pk}) == [meeting], name

    def test_by_time_take_dates_as_vague_as_they_come(self, curator):
        early = make.a_deployment(start="2008", end="2009")
        vague = make.a_deployment(start="[..2009-10]", end="2010")
        running = make.a_deployment(start="2025-02", end="..")
        found = self.of(curator, Deployment, **{"from": "2009", "to": "2009-06"})
        assert set(found) == {early, vague}
        assert self.of(curator, Deployment, **{"from": "2024"}) == [running]
        assert set(self.of(curator, Deployment, to="2008")) == {early, vague}

    def test_by_time_go_by_publication_for_sources(self, curator):
        old, new = make.a_source(published="2009"), make.a_source(published="2025-02")
        assert self.of(curator, Source, **{"from": "2025"}) == [new]
        assert self.of(curator, Source, to="2010") == [old]

    @pytest.mark.parametrize("date", ["soon", "2025-13", "03/04/2024", "..", "x" * 99])
    def test_by_time_say_what_would_be_right(self, curator, date):
        make.a_deployment(start="2025")
        page = curator.get(address(Deployment, "changelist"), {"from": date})
        if date == "..":  # "still going on" is a date, and no day of it can be meant
            return
        assert page.status_code == 200
        assert listed(page) == []
        assert len(said(page)) == 1

    def test_by_citations(self, curator):
        cited, uncited = make.a_place(), make.a_place()
        make.a_citation(cited)
        make.a_citation(cited, locator="para. 2")
        assert self.of(curator, Place, cited="yes") == [cited]
        assert self.of(curator, Place, cited="no") == [uncited]
        assert set(self.of(curator, Place, cited="perhaps")) == {cited, uncited}

    def test_left_empty_filter_nothing(self, curator):
        agency = make.an_agency()
        empty = dict.fromkeys(
            (
                "kind__exact",
                "country__id__exact",
                "status__exact",
                "from",
                "to",
                "cited",
            ),
            "",
        )
        assert self.of(curator, Agency, **empty) == [agency]

    @telling_kinds
    def test_take_nothing_from_the_address_that_they_do_not_offer(self, curator, model):
        MAKERS[model](private_note="a secret")
        for name, value in {
            "private_note__startswith": "a",
            "private_note__regex": "(",
            "search_text__regex": "^(a+)+$",
            "slug__startswith": "a",
            "slug": "a",
            "id__in": "1,2",
            "version__gte": "1",
            "status__in": "draft",
            "status__regex": "(",
            "history__history_user__password__startswith": "a",
            "citations__source__private_note__startswith": "a",
            "nonsense": "1",
        }.items():
            page = curator.get(address(model, "changelist"), {name: value})
            assert page.status_code == 400 or page.url.endswith("?e=1"), name

    @pytest.mark.parametrize("key", ["abc", "1.5", "9" * 30, "-1", "\x00"])
    def test_take_no_key_that_is_none(self, curator, key):
        page = curator.get(address(Agency, "changelist"), {"country__id__exact": key})
        assert page.status_code in (200, 302)

    @pytest.mark.parametrize(
        ("page", "name"),
        [
            ("entities_agency", "status__exact"),
            ("entities_agency", "cited"),
            ("timeline_meeting", "from"),
            ("auth_user", "is_active__exact"),
        ],
    )
    def test_take_no_text_that_no_database_stores(self, curator, page, name):
        page = curator.get(reverse(f"admin:{page}_changelist"), {name: "a\x00"})
        assert page.url.endswith("?e=1")

    def test_of_users_tell_nothing_of_passwords(self, curator):
        for name in (
            "password__startswith",
            "email__regex",
            "groups__name__startswith",
        ):
            page = curator.get(reverse("admin:auth_user_changelist"), {name: "a"})
            assert page.status_code == 400, name
