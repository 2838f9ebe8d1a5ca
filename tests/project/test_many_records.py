"""No path breaks on more records than a statement may name."""

import pytest

from entities.models import Official
from provenance.admin.version_guard import SEEN
from tests import make
from tests.curating import address, said, superuser
from tests.depth import cases, in_depth, once
from tests.folders import load, write
from tests.repeating import repeat
from timeline.models import Meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database]

NESTED = 1_001  # what SQLite nests
FORMS = cases(once(NESTED, 101), NESTED)  # each of them is written by itself
# What SQLite takes anywhere, and what the protocol of PostgreSQL counts.
MORE_THAN_MAY_BE_NAMED = once(250_000, 65_536)


def test_many_meetings_cited_for_their_fields_are_loaded_and_loaded_again(tmp_path):
    numbers = range(cases(NESTED, 2 * NESTED))
    folder = write(
        tmp_path / "meetings",
        sources=["slug,status,title,kind", "book,published,A book,fact-sheet"],
        officials=[
            "slug,status,name",
            *(f"o-{number},draft,Ana Prueba {number}" for number in range(3)),
        ],
        meetings=[
            "slug,status,title,start,format",
            *(f"m-{n},published,Prueba {n},{1990 + n % 30}-01,call" for n in numbers),
        ],
        participations=[
            "event,role,official,agency",
            *(f"m-{n},participant,o-{k}," for n in numbers for k in range(3)),
        ],
        citations=[
            "type,record,field,source,locator,stated",
            *(
                f"meeting,m-{n},{field},book,p. 1,"
                for n in numbers
                for field in ("", "participations", "start")
            ),
        ],
    )
    _said, _told, failure = load(folder)
    assert failure is None
    assert Meeting.objects.count() == len(numbers)
    said, _told, failure = load(folder)
    assert failure is None
    assert said.startswith("Nothing has changed")


@in_depth("So many rows take long.")
def test_more_rows_than_any_statement_may_name_are_shown_and_sent(client, api):
    repeat(make.an_official(name="Ana Prueba", slug="ana"), MORE_THAN_MAY_BE_NAMED)
    for form in ("csv", "ndjson"):
        answer = api.get(f"/api/v1/officials/?format={form}&q=prueba")
        lines = sum(block.count(b"\n") for block in answer)
        assert lines == MORE_THAN_MAY_BE_NAMED + (2 if form == "csv" else 1)
    for at in ("officials/?q=ana+prueba&ordering=-slug", "search/?q=prueba"):
        assert len(api.get(f"/api/v1/{at}").json()["results"]) == 50
    superuser(client)
    for at in ("/officials/", "/search/?q=prueba", address(Official, "changelist")):
        assert client.get(at).status_code == 200, at


@pytest.mark.parametrize("seen", [1, 2], ids=["as seen", "overtaken"])
def test_an_action_on_more_records_than_a_page_shows_is_done_or_refused(client, seen):
    numbers = range(FORMS)
    made = [Official(slug=f"o-{n}", name=f"Ana {n}", status="draft") for n in numbers]
    Official.objects.bulk_create(made)
    superuser(client)
    keys = list(Official.objects.values_list("pk", flat=True))
    asked = {
        "action": "submit_for_review",
        "_selected_action": keys,
        **{f"{SEEN}{key}": seen for key in keys},
    }
    answer = client.post(address(Official, "changelist"), asked, follow=True)
    assert answer.status_code == 200
    assert len(said(answer)) <= 12
    moved = Official.objects.with_status("in-review").count()
    assert moved == (FORMS if seen == 1 else 0)
