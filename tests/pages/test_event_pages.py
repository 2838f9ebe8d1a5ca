"""The page of an event: who took part, what is linked with it, source by source."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from provenance.pages.reading import public_view
from provenance.pages.versions import versions_of
from tests import make
from timeline.models import EventTheme, StatementTheme
from timeline.pages.agenda import agenda_of
from timeline.pages.linked_events import linked_events
from timeline.pages.sides import sides_of

pytestmark = pytest.mark.django_db


def read(event):
    """An event as its page reads it."""
    (found,) = public_view(type(event).objects.filter(pk=event.pk))
    return found


def page(event):
    answer = Client().get(f"/{event.collection}/{event.slug}/")
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def section(event, key):
    """The text of one section of its page, blanks aside."""
    body = page(event).partition(f'aria-labelledby="{key}"')[2]
    return " ".join(strip_tags(body.partition("</section>\n")[0]).split())


def an_office(official, title, country, **values):
    agency = make.an_agency(f"{title}'s agency", country=country)
    return make.an_appointment(official, make.a_post(title, agency), **values)


class TestParticipants:
    def sides(self, event):
        event = read(event)
        return {
            str(side.country or ""): [str(one.party) for one in side.attendees]
            for side in sides_of(event, event.participations.all())
        }

    def test_stand_by_the_country_of_their_agency_or_office(self):
        mexico, states = make.a_country("Mexico"), make.a_country("United States")
        call = make.a_meeting(start="2025-02")
        ana, bob = make.an_official("Ana"), make.an_official("Bob")
        make.a_participation(
            call, official=ana, appointment=an_office(ana, "A", mexico)
        )
        make.a_participation(
            call, official=bob, appointment=an_office(bob, "B", states)
        )
        make.a_participation(call, agency=make.an_agency("Navy", country=mexico))
        make.a_participation(call, agency=make.an_agency("Club"))
        assert self.sides(call) == {
            "Mexico": ["Ana", "Navy"],
            "United States": ["Bob"],
            "": ["Club"],
        }

    def test_are_told_with_what_they_held_that_day_besides(self):
        call = make.a_meeting(start="2025-02", slug="call")
        ana, mexico = make.an_official("Ana"), make.a_country("Mexico")
        an_office(ana, "Admiral", mexico, start="2024", end="2026")
        an_office(ana, "Cadet", mexico, start="1990", end="1995")
        make.a_participation(call, official=ana)
        make.a_participation(call, official=ana, role="requester")
        assert section(call, "took-part").startswith(
            "> Participants Mexico Ana participant; requester held then as well: "
            "Admiral, Admiral&#x27;s agency"
        ), section(call, "took-part")
        assert "Cadet" not in page(call)

    def test_are_of_no_country_that_is_hidden(self):
        hidden = make.a_country("Hidden", status="draft")
        call = make.a_meeting()
        make.a_participation(call, agency=make.an_agency("Navy", country=hidden))
        assert self.sides(call) == {"": ["Navy"]}

    def test_cost_as_many_queries_as_one(self):
        numbers = []
        mexico = make.a_country()
        for many in (1, 2):
            call = make.a_meeting(start="2025")
            for _one in range(many):
                someone = make.an_official()
                office = an_office(someone, "Clerk", mexico, start="2020", end="..")
                make.a_participation(call, official=someone, appointment=office)
                make.a_link(call, target=make.a_deployment(start="2024"))
                make.a_citation(call, make.a_source(), field="themes")
            with CaptureQueriesContext(
                connection,
            ) as queries:
                page(call)
            numbers.append(len(queries))
        assert numbers[0] == numbers[1]


class TestLinks:
    def test_are_drawn_from_cause_to_effect_in_order_of_time(self):
        threat = make.a_milestone("Threat", start="[..2025-01-20]")
        pause = make.a_milestone("Pause", start="2025-01")
        troops = make.a_deployment("Troops", start="2025-02")
        before = make.a_milestone("Election", start="2024-11")
        make.a_link(pause, "follows", threat)
        make.a_link(troops, "in-exchange-for", pause)
        make.a_link(threat, "follows", before)
        drawing = linked_events(read(pause))
        assert [str(node.event) for node in drawing.nodes] == [
            *("Election", "Threat", "Pause", "Troops")
        ]
        assert [bool(arc.head) for arc in drawing.arcs] == [True, False, True]
        assert [list(map(str, node.words)) for node in drawing.nodes] == [
            *([], ["came before this"], [], ["in exchange for this"])
        ]

    def test_lead_from_a_meeting_to_what_was_concluded_at_it(self):
        call = make.a_meeting("Call", start="2025-02")
        pact = make.an_agreement("Pact", start="2025-02", concluded_at=call)
        for event in (call, pact):
            drawing = linked_events(read(event))
            assert [str(node.event) for node in drawing.nodes] == ["Call", "Pact"]

    def test_may_go_in_a_circle(self):
        one, other = make.a_milestone("One"), make.a_milestone("Other")
        make.a_link(one, "follows", other)
        make.a_link(other, "follows", one)
        assert len(linked_events(read(one)).nodes) == 2

    def test_of_what_is_hidden_are_not_drawn(self):
        call = make.a_meeting("Call")
        seen = make.a_meeting("Seen")
        make.a_link(call, "follows", seen)
        make.a_link(seen, "follows", make.a_meeting("Hidden", status="draft"))
        make.an_agreement("Pact", concluded_at=call, status="draft")
        drawing = linked_events(read(call))
        assert [str(node.event) for node in drawing.nodes] == ["Seen", "Call"]

    def test_are_left_out_where_they_are_too_many_and_that_is_told(self, monkeypatch):
        monkeypatch.setattr("timeline.pages.linked_events.NEAR", 1)
        call = make.a_meeting("Call", slug="call")
        for _one in range(3):
            make.a_link(call)
        drawing = linked_events(read(call))
        assert drawing.more == 2
        assert "2 more events are linked with it." in page(call)


class TestAgenda:
    def test_tells_who_spoke_on_which_theme_and_what_was_agreed_on_it(self):
        patrols, trade = make.a_theme("Patrols"), make.a_theme("Trade")
        call = make.a_meeting("Call", slug="call")
        EventTheme.objects.create(event=call, theme=trade)
        pact = make.an_agreement("Pact", concluded_at=call)
        provision = make.a_provision(pact, text="They patrol.")
        provision.theme = patrols
        provision.save()
        praise = make.a_statement(slug="praise", event=call)
        StatementTheme.objects.create(statement=praise, theme=patrols)
        again = make.a_statement("Ana says so again", official=praise.official)
        again.event = call
        again.save()
        StatementTheme.objects.create(statement=again, theme=patrols)
        assert "praise&nbsp;×&nbsp;2" in section(call, "agenda")
        again.delete()
        points = agenda_of(read(call), public_view(type(praise).objects.all()))
        assert [
            (str(one.theme), one.statements, [row.text for row in one.provisions])
            for one in points
        ] == [("Patrols", [praise], ["They patrol."]), ("Trade", [], [])]
        assert re.search(
            r'href="#statement-praise".*id="statement-praise"', page(call), re.S
        )
        assert section(call, "agenda").endswith("They patrol. Pact Also aboutTrade")

    def test_has_no_provision_of_what_is_hidden(self):
        call = make.a_meeting()
        pact = make.an_agreement(concluded_at=call, status="draft")
        make.a_provision(pact)
        assert agenda_of(read(call), ()) == []


class TestVersions:
    @pytest.mark.parametrize("status", ["draft", "withdrawn"])
    def test_name_no_record_that_is_hidden(self, client, status):
        place = make.a_place("Secret base", slug="secret-base", status=status)
        call = make.a_meeting("Call", slug="call", start="2025-02", place=place)
        for field in ("start", "place"):
            for _n in range(2):
                make.a_citation(call, field=field)
        page = client.get("/meetings/call/").content.decode()
        assert "Source by source" in page
        assert "secret-base" not in page and "Secret base" not in page

    def test_stand_beside_each_other_and_what_differs_is_marked(self):
        ana, bob = make.an_official("Ana", slug="ana"), make.an_official(slug="bob")
        call = make.a_meeting("Call", slug="call", start="2025-02", format="call")
        make.a_participation(call, official=ana)
        one = make.a_source("Report", slug="report")
        other = make.a_source("Article", slug="article")
        make.a_citation(call, one, field="start", locator="p. 1")
        make.a_citation(call, one, field="start", locator="p. 2")
        make.a_citation(call, other, field="start", stated="2024")
        make.a_citation(call, other, field="participations", stated="ana|bob")
        versions = versions_of(read(call))
        assert versions.sources == [other, one]
        told = {
            line.name: {
                source.slug: [
                    ([str(i.text) for i in said.shown.items], said.locators, said.added)
                    for said in several
                ]
                for source, several, _more in line.said
            }
            for line in versions.lines
        }
        assert told == {
            "start": {
                "article": [(["2024"], [], {"2024"})],
                "report": [(["February 2025"], ["p. 1", "p. 2"], set())],
            },
            "participations": {
                "article": [(["Ana", str(bob)], [], {str(bob)})],
                "report": [],
            },
        }
        assert f'<mark><a href="/officials/bob/">{bob}</a></mark>' in page(call)

    def test_are_not_told_of_one_source_alone(self):
        call = make.a_meeting()
        make.a_citation(call, field="start")
        assert versions_of(read(call)) is None

    def test_are_bounded(self, monkeypatch):
        for name in ("SOURCES", "EACH"):
            monkeypatch.setattr(f"provenance.pages.versions.{name}", 1)
        call, source = make.a_meeting(start="2025-02"), make.a_source(slug="a")
        for stated in ("2024", "2023", "2022"):
            make.a_citation(call, source, field="start", stated=stated, locator=stated)
        make.a_citation(call, make.a_source(slug="b"), field="start")
        versions = versions_of(read(call))
        assert (versions.sources, versions.more) == ([source], 1)
        ((_source, said, more),) = versions.lines[0].said
        assert (len(said), more) == (1, 2)
