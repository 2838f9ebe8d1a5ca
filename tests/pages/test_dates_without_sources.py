"""A date that no source states is marked wherever a page shows it, and is asked for."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.walking import links_on, text_of

pytestmark = pytest.mark.django_db

MARK = "not from the sources"


@pytest.fixture
def met():
    """Ana, who heads the navy, met Eva and Luz; no source says when any of that was."""
    navy = make.an_agency("Navy", slug="navy")
    people = [make.an_official(n, slug=n.lower()) for n in ("Ana", "Eva", "Luz")]
    office = make.an_appointment(
        people[0],
        make.a_post("Secretary", agency=navy, kind="head"),
        slug="held",
        start="2020",
        end="..",
    )
    call = make.a_meeting("Call", slug="call", start="2021-02")
    for one in people:
        make.a_participation(call, official=one)
    for record in (navy, *people, office, call):
        make.a_citation(record)


def row_of(client, address, name):
    """The row of a table in which a name stands, as a reader sees it."""
    body = client.get(address).content.decode()
    rows = [
        re.sub(r"<[^>]*>", " ", row) for row in re.findall(r"(?s)<tr.*?</tr>", body)
    ]
    return next(" ".join(row.split()) for row in rows if name in row)


def test_at_the_head_of_an_agency_who_is_likely_and_not_definite(client, met):
    told = text_of(client.get("/agencies/navy/?as_of=2022"))
    (head,) = re.findall(r"Head as of 2022 (.*?) On another date", told)
    assert head == f"Ana likely Secretary 2020 → still going on {MARK}"


@pytest.mark.parametrize(
    ("address", "name", "shown"),
    [
        (
            "/officials/",
            "Ana",
            f"Ana Secretary, Navy likely {MARK} February 2021 {MARK}",
        ),
        ("/agencies/", "Navy", f"Navy Ministry – Ana likely {MARK}"),
        ("/appointments/", "Ana", f"2020 → still going on {MARK}"),
        ("/meetings/", "Call", f"February 2021 {MARK}"),
        ("/officials/pairs/", "Call", f"February 2021 {MARK} : Call"),
        ("/officials/ana/network/", "Secretary", f"(2020 → still going on {MARK} )"),
    ],
)
def test_in_tables(client, met, address, name, shown):
    assert shown in row_of(client, address, name)


def test_in_the_matrix_of_who_met_whom_and_on_the_way_from_one_to_another(client, met):
    page = client.get("/officials/pairs/")
    assert 'aria-label="Ana, Eva: 1 (not from the sources)"' in page.content.decode()
    assert "Dashed: no source says when any of these events was." in text_of(page)
    told = text_of(client.get("/connection/?one=ana&other=luz"))
    assert f"Ana and Luz : Call February 2021 {MARK}" in told


def test_where_two_dates_are_compared(client, met):
    row = row_of(client, "/compare/?from=2019&to=2022", "Secretary")
    assert row == f"Secretary Navy – Ana likely {MARK} maybe"


@pytest.mark.parametrize("address", ["/officials/ana", "/agencies/navy"])
def test_on_the_edges_of_a_network(client, met, address):
    page = client.get(f"{address}/network/")
    told = {edge.bond.in_words for edge in page.context["edges"]}
    head, met = f"head by 1 appointment ({MARK})", f"met 1 time ({MARK})"
    assert told == ({head} if "navy" in address else {head, met})
    body = page.content.decode()
    assert body.count(' general" data-from=') == len(page.context["edges"])
    assert f"{MARK} Thicker: more in common." in text_of(page)
    office, call = make.Appointment.objects.get(), make.Event.objects.get()
    for record, name in ((office, "start"), (office, "end"), (call, "start")):
        make.a_citation(record, field=name, stated=str(getattr(record, name)))
    page = client.get(f"{address}/network/")
    assert not any(MARK in edge.bond.in_words for edge in page.context["edges"])
    assert f"{MARK} Thicker" not in text_of(page)


@pytest.mark.parametrize(
    "address",
    [
        "/officials/pairs/?",
        "/connection/?one=ana&other=luz&",
        "/officials/ana/network/?from=2021&",
        "/meetings/?",
    ],
)
def test_it_is_asked_for_alone_or_left_out(client, met, address):
    asked = {
        word: text_of(client.get(f"{address}general_knowledge={word}"))
        for word in ("yes", "no")
    }
    answer = "Call" if "meetings" in address or "connection" in address else "Eva"
    assert (
        answer in asked["yes"].partition("Show")[2] + asked["yes"].partition("All")[2]
    )
    for empty in (
        "No records match",
        "No two officials",
        "Nobody whom",
        "No relations",
    ):
        if empty in asked["no"]:
            break
    else:
        pytest.fail(asked["no"])


def test_lists_and_hits_show_what_is_in_dispute_and_lists_are_narrowed_to_it(client):
    slip = {"assessment": "mistaken", "note": "A slip."}
    for name, settled in (("open", {}), ("settled", slip)):
        call = make.a_meeting(f"An {name} one", slug=name, start="2025")
        make.a_citation(call, field="start", stated="1999", **settled)
    assert row_of(client, "/meetings/", "An open").startswith("An open one disputed")
    settled = row_of(client, "/meetings/", "An settled")
    assert settled.startswith("An settled one dispute settled")
    found = client.get("/meetings/?in_dispute=settled")
    assert "/meetings/settled/" in links_on(found)
    assert "/meetings/open/" not in links_on(found)
    with CaptureQueriesContext(connection) as few:
        found = text_of(client.get("/search/?q=settled"))
    assert "An settled one dispute settled" in found
    with CaptureQueriesContext(connection) as many:
        found = text_of(client.get("/search/?q=one"))
    assert "An open one disputed" in found and "An settled one dispute settled" in found
    assert len(many) <= len(few)
