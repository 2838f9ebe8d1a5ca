"""The lists of records as tables: what they tell, how they are ordered and narrowed."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from provenance.models import Portrait, Record
from provenance.tracking.changes import changing
from tests import make
from tests.pictures import a_picture
from tests.walking import links_on, text_of
from timeline.models import EventTheme, MetricTheme, Participation, StatementTheme

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DRAFT = Record.Status.DRAFT


def table(answer):
    """The rows of the table of a page, each by what stands above its columns."""
    body = answer.content.decode()
    (head,) = re.findall(r"(?s)<thead>(.*?)</thead>", body)
    names = [plain(each) for each in re.findall(r"(?s)<th .*?>(.*?)</th>", head)]
    (rows,) = re.findall(r"(?s)<tbody>(.*?)</tbody>", body)
    found = []
    for row in re.findall(r"(?s)<tr>(.*?)</tr>", rows):
        cells = re.findall(r"(?s)<t[hd] .*?>(.*?)</t[hd]>", row)
        found.append(dict(zip(names, map(plain, cells), strict=True)))
    return found


def plain(html):
    """What a reader sees of a piece of a page."""
    return " ".join(re.sub(r"<[^>]*>", "", html).split())


def names(answer):
    """What the first column has, in its order."""
    return [next(iter(row.values())) for row in table(answer)]


@pytest.fixture
def ana():
    """An official who commands, was at two meetings and is told of by two sources."""
    ana = make.an_official("Ana Núñez", slug="ana")
    navy = make.an_agency("The Navy", slug="navy")
    post = make.a_post("Commander", agency=navy, slug="commander")
    make.an_appointment(ana, post, start="2020", end="..")
    make.an_appointment(ana, make.a_post("Aide", agency=navy), start="2001", end="2002")
    for day in ("2024-03", "2025-02-05"):
        make.a_participation(make.a_meeting(start=day), official=ana)
    hidden = make.a_meeting(start="2026-01", status=DRAFT)
    make.a_participation(hidden, official=ana)
    for source in (make.a_source(), make.a_source(), make.a_source(status=DRAFT)):
        make.a_citation(ana, source)
    make.a_citation(ana, source=make.a_source(slug="third"), field="name")
    return ana


class TestWhatTheyTell:
    def test_of_an_official(self, client, ana):
        answer = client.get("/officials/")
        assert table(answer) == [
            {
                "Name": "Ana Núñez",
                "Posts today": "Commander, The Navy",
                "Last seen": "5 February 2025",
                "Events": "2",
                "Sources": "3",
            }
        ]
        cited = "/sources/?official=ana"
        assert {"/posts/commander/", "/?official=ana", cited} <= set(links_on(answer))
        found = client.get(cited)
        assert len(table(found)) == 3
        assert "/officials/ana/" in links_on(found)
        found = client.get("/api/v1/sources/", {"official": "ana"})
        assert len(found.json()["results"]) == 3
        assert client.get("/sources/?agency=navy").context["rows"] == []

    def test_of_an_agency(self, client, ana):
        mexico = make.a_place("Mexico", slug="mexico", kind="country")
        army = make.an_agency("Army", kind="ministry", country=mexico)
        make.a_participation(make.a_meeting(start="2009-10"), agency=army)
        secretary = make.a_post("Secretary", agency=army, kind="head")
        make.an_appointment(make.an_official("Eva"), secretary, start="2020", end="..")
        assert table(client.get("/agencies/"))[0] == {
            "Name": "Army",
            "Kind": "Ministry",
            "Country": "Mexico",
            "Headed today by": "Eva",
            "Last seen": "October 2009",
            "Events": "1",
            "Sources": "–",
        }

    def test_of_a_place_a_theme_and_a_source(self, client):
        mexico = make.a_place("Mexico", slug="mexico", kind="country")
        sonora = make.a_place("Sonora", kind="state", parent=mexico)
        trade = make.a_theme("Trade", definition="What is bought and sold")
        event = make.a_meeting(place=sonora)
        customs = make.a_theme("Customs", broader=trade)
        EventTheme.objects.create(event=event, theme=customs)
        source = make.a_source("Sheet", kind="fact-sheet", published="2025-03")
        make.a_citation(event, source)
        make.a_citation(sonora, source)
        rows = {row["Name"]: row for row in table(client.get("/places/"))}
        assert rows["Sonora"] == {
            "Name": "Sonora",
            "Kind": "State",
            "Within": "Mexico",
            "Events": "1",
            "Observations": "–",
        }
        rows = {row["Name"]: row for row in table(client.get("/themes/"))}
        assert rows["Customs"]["Broader theme"] == "Trade"
        assert rows["Customs"]["Events"] == "1"
        assert rows["Trade"]["Definition"] == "What is bought and sold"
        (row,) = table(client.get("/sources/?q=sheet"))
        assert (row["Kind"], row["Published"]) == ("Fact sheet", "March 2025")
        assert row["Citations"] == "2"
        body = client.get("/sources/?q=sheet").content.decode()
        assert f'<a href="/sources/{source.slug}/">2</a>' in body

    def test_of_a_metric(self, client):
        ships = make.a_metric("Ships", slug="ships", unit="ships")
        for when, value in (("2024", "7"), ("2025-02", "~9"), ("2026", "")):
            missing = {} if value else {"value_missing": "not-reported"}
            make.an_observation(ships, value, start=when, end=when, **missing)
        make.an_observation(ships, "1", start="2027", end="2027", status=DRAFT)
        make.a_metric("Boats", slug="boats")
        answer = client.get("/metrics/?order=observations")
        first, last = table(answer)
        assert first == {
            "Name": "Ships",
            "Kind": "Level",
            "Latest figure": "about 9 ships February 2025",
            "Observations": "3",
        }
        assert (last["Name"], last["Latest figure"]) == ("Boats", "–")
        assert "/observations/?metric=ships" in links_on(answer)
        assert names(client.get("/metrics/?order=seen")) == ["Ships", "Boats"]

    def test_of_a_statement(self, client):
        theme, hidden = make.a_theme("Trade", slug="trade"), make.a_theme(status=DRAFT)
        ana = make.an_official("Ana", slug="ana")
        said = make.a_statement("Ana praises", official=ana, start="2025-02")
        for each in (theme, hidden):
            StatementTheme.objects.create(statement=said, theme=each)
        assert table(client.get("/statements/?theme=trade")) == [
            {
                "Statement": "Ana praises",
                "Said by": "Ana",
                "Kind": "Praise",
                "When": "February 2025",
                "Themes": "Trade",
            }
        ]

    def test_a_number_counts_what_is_below_as_well_and_leads_to_just_these(
        self, client
    ):
        mexico = make.a_place("Mexico", slug="mexico", kind="country")
        sonora = make.a_place("Sonora", slug="sonora", parent=mexico)
        nogales = make.a_place("Nogales", slug="nogales", parent=sonora)
        hidden = make.a_place(slug="hidden", parent=mexico, status=DRAFT)
        trade = make.a_theme("Trade", slug="trade")
        narrower = [make.a_theme(slug=slug, broader=trade) for slug in ("tax", "toll")]
        metric = make.a_metric(slug="paid")
        for place in (mexico, sonora, nogales, hidden):
            event = make.a_meeting(place=place)
            for theme in narrower:  # counted once
                EventTheme.objects.create(event=event, theme=theme)
            make.an_observation(metric, place=place)
        for theme in narrower:
            MetricTheme.objects.create(metric=metric, theme=theme)
        make.a_meeting(place=sonora, status=DRAFT)
        for address, record, numbers in (
            ("places", mexico, {"/": 3, "/observations/": 3}),
            ("places", sonora, {"/": 2, "/observations/": 2}),
            ("themes", trade, {"/": 4, "/metrics/": 1}),
        ):
            body = client.get(f"/{address}/").content.decode()
            links = dict(re.findall(r'<a href="([^"]*)">(\d+)</a>', body))
            asked = {record.record_type: record.slug}
            for there, number in numbers.items():
                leads = f"{there}?{record.record_type}={record.slug}"
                assert links[leads] == str(number), leads
                kind = "timeline" if there == "/" else there.strip("/")
                found = client.get(f"/api/v1/{kind}/", asked)
                assert len(found.json()["results"]) == number
        assert names(client.get("/places/?order=events"))[:2] == ["Mexico", "Sonora"]

    def test_nothing_worked_out_today_is_told_of_the_past(self, client, ana):
        then = timezone.now().isoformat()
        (row,) = table(client.get("/officials/", {"known_at": then}))
        assert row == {"Name": "Ana Núñez", "Posts today": "Commander, The Navy"}

    def test_a_portrait_is_shown_by_the_name(self, client, ana):
        told = {"credit": "E. Paz", "licence": "CC BY 4.0"}
        portrait = Portrait.add(ana, a_picture(), **told)
        body = client.get("/officials/").content.decode()
        assert f"/officials/ana/thumbnail.jpg?{portrait.sha256[:8]}" in body
        assert 'loading="lazy"' in body
        Portrait.remove(ana)
        assert "thumbnail.jpg" not in client.get("/officials/").content.decode()


class TestOrder:
    @pytest.fixture
    def officials(self):
        """Three of whom the one in the middle of the alphabet was at most events."""
        people = {name: make.an_official(name) for name in ("Ana", "Berta", "Carla")}
        for name, number in (("Berta", 2), ("Carla", 1)):
            for _n in range(number):
                meeting = make.a_meeting(start="2025")
                make.a_participation(meeting, official=people[name])
        return people

    def test_is_that_of_names_or_of_a_column_of_a_short_list(self, client, officials):
        assert names(client.get("/officials/")) == ["Ana", "Berta", "Carla"]
        answer = client.get("/officials/?order=events")
        assert names(answer) == ["Berta", "Carla", "Ana"]
        body = answer.content.decode()
        assert (
            'aria-sort="descending"><a href="/officials/?order=-events">Events' in body
        )
        assert '<option value="events" selected>' in body

    def test_goes_on_from_page_to_page(self, client, officials, monkeypatch):
        monkeypatch.setattr("provenance.pages.lists.ListPage.a_page", 1)
        for order in ("", "changed", "events", "seen"):
            whole, at = [], f"/officials/?order={order}"
            while at:
                answer = client.get(at)
                whole += names(answer)
                onward = re.findall(
                    r'<a href="([^"]*)" rel="next">', answer.content.decode()
                )
                at = onward[0].replace("&amp;", "&") if onward else ""
            assert sorted(whole) == ["Ana", "Berta", "Carla"], order

    @pytest.mark.parametrize("few", [500, 2])
    def test_of_dates_and_names_goes_both_ways_however_many_there_are(
        self, client, few, monkeypatch
    ):
        monkeypatch.setattr("provenance.pages.lists.ListPage.a_page", 2)
        monkeypatch.setattr("provenance.pages.collection.FEW", few)
        for day, title in (("2024-05", "B"), ("", "A"), ("2025-02", "D")):
            make.a_source(title, published=day)
            make.a_statement(title, start=day)
        make.a_source("C", published="2009")
        make.a_statement("C", start="2009")
        for kind in ("sources", "statements"):
            for order, told in (
                ("", "ABCD"),
                ("z-a", "DCBA"),
                ("newest", "DBCA"),
                ("oldest", "CBDA"),
            ):
                answer = client.get(f"/{kind}/?order={order}")
                onward = answer.context["next"]
                assert names(answer) + names(client.get(onward)) == list(told), order
                back = client.get(client.get(onward).context["previous"])
                assert names(back) == names(answer)
                assert f'<option value="{order}" selected>' in answer.content.decode()

    def test_the_head_of_a_column_turns_the_list_around(self, client):
        make.a_source("A", published="2024")
        for order, sort, to in (
            ("newest", "descending", "oldest"),
            ("oldest", "ascending", "newest"),
        ):
            body = client.get(f"/sources/?order={order}").content.decode()
            head = f'aria-sort="{sort}"><a href="/sources/?order={to}">Published'
            assert head in body

    def test_by_a_letter_begins_where_names_do_with_it(
        self, client, officials, monkeypatch
    ):
        monkeypatch.setattr("provenance.pages.lists.ListPage.a_page", 2)
        body = client.get("/officials/").content.decode()
        letters = {
            letter: at.replace("&amp;", "&")
            for at, letter in re.findall(r'<a href="([^"]*)">([A-Z])</a>', body)
        }
        assert len(letters) == 26
        assert names(client.get(letters["B"])) == ["Berta", "Carla"]
        assert "No records match" in text_of(client.get(letters["Z"]))

    def test_of_a_long_list_by_what_is_worked_out_is_refused(
        self, client, officials, monkeypatch
    ):
        monkeypatch.setattr("provenance.pages.collection.FEW", 2)
        answer = client.get("/officials/?order=sources")
        assert answer.status_code == 400
        assert "Only a list of up to 2 records" in text_of(answer)
        assert names(client.get("/officials/?order=sources&q=berta")) == ["Berta"]

    @pytest.mark.parametrize("few", [500, 2])
    @pytest.mark.parametrize(
        ("order", "told"),
        [
            ("events", ["Berta", "Carla", "Dora", "Ana"]),
            ("-events", ["Ana", "Dora", "Carla", "Berta"]),
            ("seen", ["Dora", "Carla", "Berta", "Ana"]),
            ("-seen", ["Berta", "Carla", "Dora", "Ana"]),
        ],
    )
    def test_by_events_is_the_same_of_many_as_of_few(
        self, client, officials, monkeypatch, few, order, told
    ):
        dora, draft = make.an_official("Dora"), make.an_official("Eva", status=DRAFT)
        for who in (dora, draft):
            make.a_participation(make.a_meeting(start="2025-06"), official=who)
        unseen = make.a_meeting(start="2025-07", status=DRAFT)
        make.a_participation(unseen, official=officials["Ana"])
        newer = make.a_meeting(start="2025-05")
        Participation.objects.filter(official=officials["Carla"]).get().delete()
        make.a_participation(newer, official=officials["Carla"])
        monkeypatch.setattr("provenance.pages.lists.ListPage.a_page", 2)
        monkeypatch.setattr("provenance.pages.collection.FEW", few)
        answer = client.get(f"/officials/?order={order}")
        rest = client.get(answer.context["next"])
        listed = names(answer) + names(rest)
        numbers = [row["Events"] for row in table(answer) + table(rest)]
        if order.endswith("events"):  # of as many, either may come first
            assert numbers == ["2", "1", "1", "–"][:: -1 if order[0] == "-" else 1]
            assert sorted(listed) == sorted(told)
        else:
            assert listed == told
        assert names(client.get(rest.context["previous"])) == names(answer)
        sort = "ascending" if order[0] == "-" else "descending"
        assert f'aria-sort="{sort}"' in answer.content.decode()

    def test_of_a_long_list_is_that_of_names_and_says_so(
        self, client, officials, monkeypatch
    ):
        monkeypatch.setattr("provenance.pages.lists.ListPage.a_page", 2)
        assert '<option value="events">' in client.get("/officials/").content.decode()
        monkeypatch.setattr("provenance.pages.collection.FEW", 2)
        answer = client.get("/officials/")
        body = answer.content.decode()
        assert "order=sources" not in body and '<option value="sources">' not in body
        assert '<option value="events">' in body
        assert '<option value="changed">' in body
        said = "Only a list of up to 2 records is sorted by: Sources."
        assert said in text_of(answer)
        assert said not in text_of(client.get("/officials/?q=berta"))
        for name in "ABC":
            make.an_agency(name)
        told = text_of(client.get("/es/agencies/"))
        assert (
            "Ordenado por los nombres como constan: solo una lista de hasta 2" in told
        )


class TestNarrowing:
    def test_sources_of_others_are_those_that_are_not_cited_for_one(self, client, ana):
        make.a_citation(make.an_official(slug="eva"), make.a_source("A law"))
        answer = client.get("/sources/?official__n=ana")
        assert names(answer) == ["A law"]
        assert "(excluded) Ana Núñez" in text_of(answer)
        found = client.get("/api/v1/sources/", {"official__n": "ana,eva"})
        assert found.json()["results"] == []

    def test_by_kind_goes_into_the_table_for_spreadsheets(self, client):
        make.a_place("Mexico", kind="country")
        make.a_place("Sonora", kind="state")
        answer = client.get("/places/?kind=state&order=events")
        assert names(answer) == ["Sonora"]
        assert "/api/v1/places/?kind=state&format=csv" in links_on(answer)
        assert '<option value="state" selected>' in answer.content.decode()
        refused = client.get("/places/?kind=planet")
        assert refused.status_code == 400


@pytest.mark.parametrize(
    "kind",
    ["officials", "agencies", "places", "themes", "sources", "metrics", "statements"],
)
def test_as_many_queries_are_asked_for_many_records_as_for_few(client, kind):
    @changing("other")
    def more(number):
        theme, source = make.a_theme(), make.a_source()
        for _n in range(number):
            official, place = make.an_official(), make.a_place(parent=make.a_place())
            agency = make.an_agency(country=make.a_place(kind="country"))
            post = make.a_post(agency=agency)
            office = make.an_appointment(official, post, start="2020", end="..")
            event = make.a_meeting(start="2025-02", place=place)
            make.a_participation(event, official=official, appointment=office)
            make.a_participation(event, agency=agency)
            EventTheme.objects.create(event=event, theme=theme)
            make.a_citation(official, source)
            make.an_observation(start="2025")
            said = make.a_statement(official=official)
            StatementTheme.objects.create(statement=said, theme=theme)

    def queries(order):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"/{kind}/?order={order}").status_code == 200
        return len(captured)

    of_numbers = {"sources": "citations", "metrics": "observations", "statements": ""}
    orders = ("", "changed", of_numbers.get(kind, "events"))
    more(2)
    few = [queries(order) for order in orders]
    more(8)
    assert [queries(order) for order in orders] == few
    assert max(few) < 15


def test_many_sources_are_counted_less_far_each(client, monkeypatch):
    monkeypatch.setattr("timeline.pages.tables.MOST", 3)
    monkeypatch.setattr("timeline.pages.tables.FEWER", 2)
    source, place = make.a_source(title="A report"), make.a_place()
    for number in range(4):
        make.a_citation(place, source, locator=f"p. {number}")
    cited = "/sources/"
    assert table(client.get(cited))[0]["Citations"] == "more than 3"
    monkeypatch.setattr("timeline.pages.tables.FEW", 0)
    assert table(client.get(cited))[0]["Citations"] == "more than 2"
