"""The public pages: what each shows, what none shows, and what they refuse."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from provenance.models.renaming import rename
from provenance.pages.addresses import page_of
from provenance.registry.kinds import record_types
from provenance.tracking.changes import changing
from tests import make
from tests.depth import cases
from tests.planting import CANARY, public_record, secrets, taken_back
from tests.walking import every_page, links_on, text_of

pytestmark = pytest.mark.django_db

ASKED = [
    "/",
    "/?q=marina",
    "/?agency=agency",
    "/?place=mexico",
    "/?theme=theme",
    "/?official=ana",
    "/?lanes=agency",
    "/search/?q=marina",
    "/search/?q=ana",
    "/disputes/",
    "/agencies/?q=marina",
    "/officials/ana/network/",
    "/agencies/agency/network/",
    *(f"/{model.collection}/" for model in record_types().values()),
]


class TestWhatIsHidden:
    def test_shows_on_no_page_and_changes_none(self, client):
        public = public_record()
        first = [*ASKED, *map(page_of, public.values())]
        most = cases(len(first) + 10, 1000)
        before = every_page(client, *first, most=most)
        assert len(before) > 40
        with taken_back():
            hidden = secrets(public)
            after = every_page(client, *first, most=most)
            for record in hidden:
                assert client.get(page_of(record)).status_code == 404
        for address, answer in after.items():
            assert CANARY not in answer.content.decode(), address
        assert before.keys() == after.keys()
        for address in before:
            assert timeless(before[address]) == timeless(after[address]), address


def timeless(answer):
    """What an answer says, without the moment at which the record was last written."""
    return re.sub(rb'"dateModified": "[^"]*"', b"", answer.content)


class TestAddresses:
    def test_a_former_slug_leads_to_the_record(self, client):
        agency = make.an_agency(slug="sedena")
        rename(agency, "defensa")
        for behind in ("", "network/"):
            answer = client.get(f"/agencies/sedena/{behind}")
            assert answer.status_code == 301
            assert answer["Location"] == f"/agencies/defensa/{behind}"

    @pytest.mark.parametrize(
        "address",
        [
            "/officials/nobody/",
            "/officials/nobody/network/",
            "/disputes/meeting-1/",
            "/disputes/nothing-1/",
            "/nothing/",
            "/officials/UPPER/",
        ],
    )
    def test_that_are_none_are_answered_in_the_site_s_own_words(self, client, address):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Go to the timeline" in text_of(answer)
        answer = client.get(f"/es{address}")
        assert answer.status_code == 404
        assert 'lang="es"' in answer.content.decode()
        assert 'href="/es/"' in answer.content.decode()

    def test_that_are_none_say_nothing_of_the_routes_while_debugging(
        self, client, settings
    ):
        settings.DEBUG = True
        answer = client.get("/officials/nobody/")
        assert answer.status_code == 404
        assert "Page not found" in text_of(answer)

    @pytest.mark.parametrize(
        ("address", "told"),
        [
            ("/?from=03/04/2024", "write 2024, 2024-04 or 2024-04-03"),
            ("/?from=2025&to=2024", "To: It is before the first of the two dates."),
            ("/es/?from=x", "Desde: «x» no es una fecha"),
            ("/?agency=nobody", "nobody"),
            ("/?type=party", "is not a valid choice"),
            ("/?cursor=abc", "no such page"),
            ("/?known_at=tomorrow", "Write a day as 2026-01-31"),
            ("/?known_at=2999-01-01", "in the future"),
            ("/?q=%00", "q: It is no text in UTF-8, or has a NUL in it."),
            ("/?q=%FF", "q: It is no text in UTF-8, or has a NUL in it."),
            ("/?q=" + "a+" * 9, "at most 8 words"),
            ("/?q=" + "a" * 9000, "longer than is accepted"),
            ("/?q=a&q=b", "q: It is given twice."),
            ("/?order=up", "order: “up” is not a valid choice; choose one of: oldest."),
            (
                "/?lanes=both",
                "lanes: “both” is not a valid choice; choose one of: "
                "agency, official, theme, place, compared.",
            ),
            (
                "/disputes/?state=odd",
                "“odd” is not a valid choice; choose one of: open,",
            ),
            ("/search/?q=" + "a" * 101, "at most 100 letters"),
        ],
    )
    def test_that_make_no_sense_are_told_what_is_wrong(self, client, address, told):
        answer = client.get(address)
        assert answer.status_code == 400
        assert told in text_of(answer).replace("  ", " ")
        assert "<script" not in answer.content.decode()

    @pytest.mark.parametrize(
        ("address", "there"),
        [
            ("/timeline/?from=August+2009", "/timeline/?from=2009-08"),
            ("/es/map/?to=agosto+de+2009", "/es/map/?to=2009-08"),
            ("/compare/?from=2008&to=May+2009", "/compare/?from=2008&to=2009-05"),
        ],
    )
    def test_with_dates_in_words_lead_to_the_same_dates(self, client, address, there):
        assert client.get(address)["Location"] == there

    def test_are_only_read(self, client):
        for method in (client.post, client.put, client.delete):
            assert method("/").status_code == 405


class TestQueries:
    @pytest.mark.parametrize(
        "address",
        ["/", "/appointments/", "/observations/", "/officials/ana/", "/disputes/"],
    )
    def test_are_as_many_for_many_as_for_few(self, client, address):
        official, post = make.an_official("Ana", slug="ana"), make.a_post()
        metric, source = make.a_metric(), make.a_source()

        @changing("other")  # as one change, which is faster
        def more(number):
            for n in range(number):
                since = f"19{number:02}-{n + 1:02}"
                office = make.an_appointment(official, post, start=since)
                event = make.a_meeting(start="2025-02", place=make.a_place())
                make.a_participation(event, official=official, appointment=office)
                make.a_citation(event, source, field="start", stated="2025-01")
                make.a_citation(office, source, field="start", stated="1800")
                make.an_observation(metric)

        def queries():
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            return len(captured)

        more(6)  # more than the first page shows disputes
        few = queries()
        more(12)
        assert queries() == few


class TestSearch:
    def test_groups_what_it_finds_and_shows_the_name_in_which_it_was_found(
        self, client
    ):
        agency = make.an_agency("Secretariat of Defense", slug="defense")
        make.an_agency_name(agency, "SEDENA")
        make.an_official("José Núñez", slug="jose")
        make.a_meeting("Visit of Núñez to SEDENA", slug="visit")
        page = text_of(client.get("/search/?q=sedena"))
        assert "Agencies Secretariat of Defense Names: SEDENA" in page
        assert "Meetings Visit of Núñez to SEDENA" in page
        page = text_of(client.get("/search/?q=nunez"))
        assert page.index("Officials José Núñez") < page.index("Meetings Visit")
        assert "No records match all these words" in text_of(
            client.get("/search/?q=nobody")
        )

    def test_that_finds_nothing_leads_to_what_fewer_of_its_words_find(self, client):
        make.a_meeting("Talks on patrols")
        page = client.get("/search/?q=talks+patrols+2025")
        assert page.context["fewer"] == [("talks patrols", "/search/?q=talks+patrols")]
        found = "Results for “talks patrols”: Meetings Talks on patrols"
        assert found in text_of(page)
        assert client.get("/search/?q=nothing+whatever").context["fewer"] == []


def test_what_is_not_known_to_have_ended_says_when_it_was_last_attested(client):
    navy = make.an_agency("Navy", slug="navy", founded="2000")
    make.a_citation(navy, as_of="2009-10")
    told = "Dissolved not known; last attested on 31 October 2009"
    assert told in text_of(client.get("/agencies/navy/"))


class TestKnownAt:
    def test_a_permalink_goes_on_saying_what_the_page_said(self, client):
        official = make.an_official("Ana Núñez", slug="ana")
        link = client.get("/officials/ana/?known_at=now")["Location"]
        official.name = "Ana Nunez de León"
        official.save()
        assert "Ana Nunez de León" in text_of(client.get("/officials/ana/"))
        then = client.get(link)
        assert "Ana Núñez" in text_of(then)
        assert "de León" not in text_of(then)
        # Its links stay at that moment, but for the one that leads back.
        inner = [to for to in links_on(then) if to.startswith("/officials/")]
        assert "/officials/ana/" in inner
        assert any("known_at=" in to for to in inner)


class TestHostileTexts:
    def test_are_shown_as_texts_and_marks_that_turn_them_around_as_marks(self, client):
        make.a_meeting(
            "<b>Call</b>",
            slug="call",
            summary="from \u202eeht end",
            public_note="<script>alert(1)</script> \u2066x\u2069",
        )
        for address in ("/meetings/call/", "/"):
            body = client.get(address).content.decode()
            assert "\u202e" not in body
            assert "from \\u202eeht end" in body
            assert "<b>Call" not in body
        note = client.get("/meetings/call/").content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt; \\u2066x\\u2069" in note


class TestCitations:
    def test_a_value_says_who_supports_it_and_who_says_otherwise(self, client):
        meeting = make.a_meeting("Call", slug="call", start="2025-02")
        watch = make.a_source("The Watch", slug="watch")
        article = make.a_source("An article", slug="article")
        make.a_citation(meeting, watch, field="start", locator="para. 4")
        make.a_citation(meeting, article, field="start", stated="2025-01")
        page = text_of(client.get("/meetings/call/"))
        assert "February 2025 1 source agrees 1 disagrees" in page
        assert "The Watch , para. 4" in page
        assert "An article – disagrees: January 2025" in page
        assert "Start open" in page

    def test_a_dispute_shows_both_sides_and_what_settles_it(self, client):
        meeting = make.a_meeting("Call", slug="call", start="2025-02")
        watch = make.a_source("The Watch", slug="watch", published="2025-03")
        article = make.a_source("An article", slug="article")
        make.a_citation(meeting, watch, field="start", locator="para. 4")
        make.a_citation(
            meeting,
            article,
            field="start",
            stated="2025-01",
            assessment="mistaken",
            note="Written before the call.",
        )
        (dispute,) = meeting.disputes.all()
        page = text_of(client.get(reverse("pages:dispute", args=[dispute.key])))
        assert "Dispute · different date settled since" in page
        assert "Recorded February 2025 The Watch , para. 4 – agrees" in page
        assert "An article January 2025" in page
        assert "Mistaken: Written before the call." in page


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (lambda: make.a_meeting(start=""), "Meeting · date not known"),
        (lambda: make.a_meeting(start="2025-02"), "Meeting · February 2025"),
        (lambda: make.an_agency(kind="ministry"), "Agency · ministry"),
        (
            lambda: make.an_agency(kind="ministry", founded="1821"),
            "Agency · ministry · 1821 → not known",
        ),
    ],
)
def test_a_date_not_known_is_told_of_what_happened_alone(client, record, said):
    page = client.get(page_of(record())).content.decode()
    (kind,) = re.findall(r'<p class="kind">(.*?)</p>', page)
    assert kind == said


class TestOtherForms:
    """Every page is also there for programs, and says how it is cited."""

    def forms(self, client, address):
        page = client.get(address).content.decode()
        (forms,) = re.findall(r'(?s)<nav class="alternates".*?</nav>', page)
        return [unescape(link) for link in re.findall(r'href="([^"]*)"', forms)]

    @pytest.fixture
    def dispute(self):
        meeting = make.a_meeting(slug="call", start="2025-02")
        make.a_citation(meeting, field="start", stated="2024")
        return meeting.disputes.get()

    def test_lists_are_had_as_they_are_narrowed(self, client, dispute):
        assert self.forms(client, "/meetings/?q=talks") == [
            "/api/v1/meetings/?q=talks",
            "/api/v1/meetings/?q=talks&format=csv",
            "/api/v1/meetings/?q=talks&format=xlsx",
            "/meetings/?q=talks&known_at=now",
        ]
        assert self.forms(client, "/disputes/?state=open") == [
            "/api/v1/disputes/?state=open",
            "/api/v1/disputes/?state=open&format=csv",
            "/api/v1/disputes/?state=open&format=xlsx",
            "/disputes/?state=open&known_at=now",
        ]
        assert self.forms(client, "/search/?q=talks") == [
            "/api/v1/search/?q=talks",
            "/api/v1/search/?q=talks&format=csv",
            "/api/v1/search/?q=talks&format=xlsx",
            "/search/?q=talks&known_at=now",
        ]
        for address in ("/meetings/", "/disputes/", "/search/?q=talks"):
            for form in self.forms(client, address):
                assert client.get(form, follow=True).status_code == 200, form

    def test_a_dispute_is_cited_as_an_entry_of_this_database(self, client, dispute):
        address = f"/disputes/meeting-{dispute.pk}/"
        assert self.forms(client, address)[-2:] == [
            f"{address}cite.json",
            f"{address}cite.bib",
        ]
        day = max(dispute.opened_at, dispute.record.updated_at)
        (item,) = client.get(f"{address}cite.json").json()
        assert item == {
            "id": f"dispute-meeting-{dispute.pk}",
            "type": "entry",
            "title": str(dispute),
            "container-title": "bordersec",
            "URL": f"http://testserver{address}",
            "issued": {"date-parts": [[day.year, day.month, day.day]]},
        }
        entry = client.get(f"{address}cite.bib").content.decode()
        assert entry.startswith(f"@misc{{dispute-meeting-{dispute.pk},")
        assert client.get("/disputes/meeting-0/cite.json").status_code == 404

    def test_what_was_not_there_yet_leads_to_what_is_there_now(self, client):
        make.an_official(slug="ana")
        answer = client.get("/officials/ana/?known_at=2001-01-01")
        assert answer.status_code == 404
        assert '<a href="/officials/ana/">Show the current version</a>' in (
            answer.content.decode()
        )
