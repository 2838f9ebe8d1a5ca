"""The timeline and relations: what is asked is what is shown."""

import pytest

from entities.models import Official
from provenance.models import PublicEdition, Source
from provenance.models.renaming import rename
from provenance.tracking.changes import changing
from tests import make
from tests.walking import text_of
from timeline.chronicle import with_official
from timeline.density import density
from timeline.models import Event, EventTheme
from timeline.pages.narrowed import FEW
from timeline.relations import relations_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def about(event, *themes):
    for theme in themes:
        EventTheme.objects.create(event=event, theme=theme)


@pytest.fixture
def events():
    """Some events of all kinds, at several places, with parties in office."""
    mexico = make.a_country(slug="mexico")
    sonora = make.a_place("Sonora", kind="state", slug="sonora", parent=mexico)
    nogales = make.a_place("Nogales", slug="nogales", parent=sonora)
    wide = make.a_theme("Security", slug="security")
    narrow = make.a_theme("Patrols", slug="patrols", broader=wide)
    navy = make.an_agency("Navy", slug="navy")
    ana = make.an_official("Ana", slug="ana")
    office = make.an_appointment(ana, make.a_post(agency=navy), slug="ana-at-the-navy")
    call = make.a_meeting("Call", slug="call", start="2025-02", place=nogales)
    visit = make.a_meeting("Visit", slug="visit", start="2024-05-06", place=mexico)
    troops = make.a_deployment(
        "Troops", slug="troops", start="2025-02-03", place=sonora
    )
    make.a_milestone("Some time", slug="some-time")
    make.a_milestone("By then", slug="by-then", start="[..2009-10]")
    make.a_participation(call, official=ana, appointment=office)
    make.a_participation(call, "host", agency=navy)
    make.a_participation(visit, official=ana)
    make.a_participation(troops, "force", agency=navy)
    about(call, wide, narrow)
    about(troops, narrow)
    source = make.a_source("Article", slug="article")
    for event in (call, troops):
        make.a_citation(event, source)
    return {"call": call, "visit": visit, "troops": troops}


class TestTimeline:
    def test_stands_under_the_year_and_month_in_which_it_certainly_began(
        self, client, events
    ):
        make.a_milestone("In that year", slug="year", start="2025")
        make.a_milestone("Over the year", slug="over", start="[2024-12..2025-01]")
        years = client.get("/").context["years"]
        assert [
            (year.label, [(m.label, [e.slug for e in m.events]) for m in year.months])
            for year in years
        ] == [
            ("2025", [("February", ["troops", "call"]), ("", ["year"])]),
            ("2024–2025", [("", ["over"])]),
            ("2024", [("May", ["visit"])]),
        ]

    def test_keeps_what_has_no_date_of_beginning_apart_and_off_the_drawing(
        self, client, events
    ):
        context = client.get("/").context
        assert {e.slug for e in context["undated"]} == {"some-time", "by-then"}
        drawn = {mark.label for mark in context["picture"].drawing.marks}
        assert drawn == {"Call", "Visit", "Troops"}

    def test_counts_what_each_way_to_narrow_it_leaves(self, client, events):
        facets = client.get("/").context["facets"]
        counted = {facet.name: facet.choices for facet in facets}
        assert counted.keys() == {
            *("type", "agency", "official", "place", "theme", "source")
        }
        for found in counted.values():
            for label, number, address in found:
                page = client.get(address)
                shown = [
                    event
                    for year in page.context["years"]
                    for month in year.months
                    for event in month.events
                ]
                left = len(shown) + len(page.context["undated"])
                assert left == number, (label, address)
        assert [(label, n) for label, n, _to in counted["type"]] == [
            ("meeting", 2),
            ("milestone", 2),
            ("deployment", 1),
        ]
        assert [(label, n) for label, n, _to in counted["place"]] == [
            ("Mexico", 3),
            ("Sonora", 2),
            ("Nogales", 1),
        ]
        assert [(label, n) for label, n, _to in counted["theme"]] == [
            ("Patrols", 2),
            ("Security", 2),
        ]
        assert [(label, n) for label, n, _to in counted["agency"]] == [("Navy", 2)]

    def test_counts_the_newest_of_very_many_and_says_that_there_are_more(
        self, client, monkeypatch
    ):
        place, theme = make.a_place("Nogales"), make.a_theme("Patrols")
        for year in (2020, 2021, 2022, 2023):
            event = make.a_meeting(start=str(year), place=place)
            about(event, theme)
        make.a_milestone(start="1990")
        monkeypatch.setattr("timeline.chronicle.COUNTED", 3)
        page = client.get("/")
        counted = {facet.name: facet.choices for facet in page.context["facets"]}
        assert [row[:2] for row in counted["type"]] == [("meeting", 3)]
        assert [row[:2] for row in counted["place"]] == [("Nogales", 3)]
        assert '<span class="count">3+</span>' in page.content.decode()
        monkeypatch.setattr("timeline.chronicle.COUNTED", 5)
        PublicEdition.replace()  # or what was counted before is shown
        page = client.get("/")
        assert '<span class="count">4</span>' in page.content.decode()
        assert "3+" not in page.content.decode()

    def test_leads_to_all_ways_to_narrow_it_the_few_that_leave_most_first(
        self, client, events
    ):
        many = [make.a_theme(slug=f"theme-{number:02}") for number in range(FEW + 8)]
        about(events["visit"], *many)
        about(events["call"], many[-1])
        page = client.get("/")
        (found,) = [f for f in page.context["facets"] if f.name == "theme"]
        assert len(found.first) == FEW
        assert f"/?theme={many[-1].slug}" in {to for _label, _n, to in found.first}
        assert len(found.others) == 8 + 2
        for theme in many:
            assert f'href="/?theme={theme.slug}"' in page.content.decode()

    def test_is_drawn_by_kind_agency_official_theme_or_place(self, client, events):
        def lanes(address):
            return [
                one.label
                for one in client.get(address).context["picture"].drawing.lanes
            ]

        assert lanes("/") == ["Meeting", "Deployment"]
        assert lanes("/?lanes=agency") == ["Navy", "Others"]
        assert lanes("/?lanes=official") == ["Ana", "Others"]
        assert lanes("/?lanes=theme") == ["Patrols", "Security", "Others"]
        assert lanes("/?lanes=place") == ["Mexico", "Nogales", "Sonora"]

    def test_goes_through_all_of_it_page_by_page_and_back(self, client):
        with changing("other"):  # as one change, which is faster
            for number in range(120):
                start = f"{1990 + number // 12}-{number % 12 + 1:02}"
                start = start if number % 10 else ""
                make.a_milestone(f"Event {number}", slug=f"event-{number}", start=start)
        address, seen = "/", []
        while address:
            context = client.get(address).context
            rows = [e for y in context["years"] for m in y.months for e in m.events]
            seen += [event.slug for event in [*rows, *context["undated"]]]
            previous, address = context["previous"], context["next"]
        assert sorted(seen) == sorted(f"event-{number}" for number in range(120))
        assert client.get(previous).context["next"]

    def test_says_how_thick_the_record_is_in_which_years(self, client, events):
        bars = density(Event.objects.published())
        assert [(bar.label, bar.number, bar.height) for bar in bars] == [
            ("2024", 1, 50),
            ("2025", 2, 100),
        ]
        make.a_milestone("Long ago", start="1521")
        bars = density(Event.objects.published())
        assert len(bars) <= 60
        assert sum(bar.number for bar in bars) == 4
        shown = [each for each in client.get("/").context["strip"] if each.bar.number]
        assert shown
        for each in shown:
            assert client.get(each.address).status_code == 200

    def test_counts_many_events_along_an_index_and_few_as_they_are(
        self, events, monkeypatch
    ):
        for number in range(30):
            make.a_milestone(start=str(1400 + 13 * number))
        make.a_milestone(start="9999")
        make.a_milestone()  # of no known day
        ana = Official.objects.get(slug="ana")
        asked = [Event.objects.published(), with_official(Event.objects.all(), ana)]
        bars = [density(events) for events in asked]
        assert [sum(bar.number for bar in those) for those in bars] == [34, 2]
        monkeypatch.setattr("timeline.density.FEW", 0)
        assert [density(events, by_index=True) for events in asked] == bars
        assert [density(events) for events in asked] == [[], []]

    def test_follows_what_it_is_narrowed_by_to_its_new_name(self, client, events):
        rename(Official.objects.get(slug="ana"), "ana-maria")
        page = client.get("/?official=ana")
        assert "Call" in text_of(page)

    def test_marks_what_is_disputed(self, client, events):
        article = Source.objects.get(slug="article")
        make.a_citation(events["call"], article, field="start", stated="2020")
        body = client.get("/").content.decode()
        assert 'aria-label="Call: February 2025 (disputed)' in body


class TestRelations:
    def test_are_by_events_and_offices_in_common(self, events):
        ana = Official.objects.get(slug="ana")
        found = {
            one.record.slug: (len(one.events), len(one.appointments))
            for one in relations_of(ana)
        }
        assert found == {"navy": (1, 1)}

    def test_are_those_of_the_date_that_is_asked_for(self, client, events):
        eva = make.an_official("Eva", slug="eva")
        make.a_participation(events["visit"], official=eva)
        page = client.get("/officials/ana/network/?as_of=2024-05")
        assert [one.record.slug for one in page.context["relations"]] == ["eva", "navy"]
        page = client.get("/officials/eva/network/?as_of=2025")
        assert page.context["relations"] == []
        assert client.get("/officials/eva/network/?as_of=05/2025").status_code == 400

    def test_are_given_to_programs_as_well(self, client, events):
        assert client.get("/officials/ana/network.json?as_of=2025").json() == {
            "type": "official",
            "slug": "ana",
            "are_all": True,
            "relations": [
                {
                    "type": "agency",
                    "slug": "navy",
                    "name": "Navy",
                    "events": 1,
                    "appointments": ["ana-at-the-navy"],
                }
            ],
        }
        table = client.get("/officials/ana/network.csv")
        assert table["Content-Type"].startswith("text/csv")
        assert table.content.decode() == (
            "type,slug,name,events,appointments\r\nagency,navy,Navy,1,ana-at-the-navy\r\n"
        )
        for form in ("json", "csv"):
            assert client.get(f"/officials/nobody/network.{form}").status_code == 404
            refused = client.get(f"/officials/ana/network.{form}?as_of=soon")
            assert refused.status_code == 400
