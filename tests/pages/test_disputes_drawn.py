"""Open and settled disputes look different wherever what they are about is drawn."""

import io

import pytest
from PIL import Image

from entities.models import Agency
from tests import make
from tests.walking import text_of
from timeline.models import Event

pytestmark = pytest.mark.django_db

SLIP = {"assessment": "mistaken", "note": "A slip."}
STATES = {"Open": {}, "Settled": SLIP, "None": None}


@pytest.fixture
def disputed():
    """An admiral of the navy, with offices and meetings in each state of dispute."""
    ana, source = make.an_official("Ana", slug="ana"), make.a_source()
    navy = make.an_agency("Navy", slug="navy")
    for number, (state, settled) in enumerate(STATES.items()):
        post = make.a_post(f"{state} post", agency=navy, slug=state.lower())
        office = make.an_appointment(ana, post, start=f"202{number}")
        talk = make.a_meeting(f"{state} talk", slug=state.lower(), start="2024-02-03")
        make.a_participation(talk, official=ana)
        for record in (office, talk):
            make.a_citation(record, source, field="start")
            if settled is not None:
                make.a_citation(record, field="start", stated="1999", **settled)


def drawn(client, address):
    """The state of each mark in the drawings of a page, by the first word of its label,
    and whether the page says so to who does not see it.
    """
    page = client.get(address)
    body = page.content.decode()
    told = {"open": "(disputed)", "settled": "(dispute settled)", "": ""}
    found = {}
    for section in page.context["sections"]:
        drawing = section.content.get("drawing")
        for mark in drawing.marks if drawing else ():
            lane = mark.label if section.key == "events" else ""
            label = f'aria-label="{mark.label}: {mark.when} {told[mark.dispute]}'
            assert label.strip() in body
            found.setdefault((section.key, lane.partition(" ")[0]), set()).add(
                mark.dispute
            )
    return found


EVENTS = {
    ("events", "Open"): {"open"},
    ("events", "Settled"): {"settled"},
    ("events", "None"): {""},
}


def test_on_the_pages_of_people_and_agencies(client, disputed):
    all_states = {"open", "settled", ""}
    found = drawn(client, "/officials/ana/")
    assert found == {("offices", ""): all_states, **EVENTS}
    assert drawn(client, "/agencies/navy/")["holders", ""] == all_states
    for state in ("open", "settled"):
        assert drawn(client, f"/posts/{state}/") == {("holders", ""): {state}}
    body = client.get("/officials/ana/").content.decode()
    assert 'class="key flag"' in body
    assert 'class="key flag settled"' in body


def test_in_the_lists_of_other_pages(client, disputed):
    navy = make.an_agency("Harbour office", slug="harbour", parent=Agency.objects.get())
    make.a_citation(navy, make.a_source(), field="name", stated="Port", **SLIP)
    told = text_of(client.get("/agencies/navy/"))
    assert "Harbour office dispute settled" in told
    talks = {talk.slug: talk for talk in Event.objects.all()}
    make.a_link(talks["none"], "resulted-in", talks["open"])
    assert "Open talk disputed" in text_of(client.get("/meetings/none/"))


def test_in_the_pictures_that_other_sites_show(client, disputed):
    rust = {}
    for state in ("open", "settled", "none"):
        answer = client.get(f"/meetings/{state}/picture.png")
        image = Image.open(io.BytesIO(answer.content)).convert("RGB")
        rust[state] = sum(
            number
            for number, (red, _green, blue) in image.getcolors(99)
            if red > blue + 80
        )
    assert rust["open"] > rust["settled"] > rust["none"] == 0
