"""No path breaks on a record with more rows and citations than a statement may name."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from entities.models import Official
from provenance.history.undo import undo
from provenance.merging import merge
from provenance.models import ChangeSet
from provenance.registry.kinds import cited_types
from tests.curating import address, superuser
from tests.depth import cases, in_depth
from tests.folders import load, write
from timeline.models import Meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# What SQLite nests; in the deep run what it takes as parameters by default.
NESTED = 1_001
MANY = cases(NESTED, 32_767)


def tables_of(number, folder):
    """A folder with a meeting of so many, contradicted as often, and one like it."""
    numbers = range(number)
    return write(
        folder,
        sources=["slug,status,title,kind", "book,published,A book,fact-sheet"],
        officials=[
            "slug,status,name",
            *(f"o-{number},draft,Ana Prueba {number}" for number in numbers),
        ],
        meetings=[
            "slug,status,title,start,format",
            "congress,published,A congress,1990-01-11,call",
            "convention,published,A convention,1990-01-12,call",
        ],
        participations=[
            "event,role,official,agency",
            *(f"congress,participant,o-{number}," for number in numbers),
            *(f"convention,panellist,o-{number}," for number in numbers),
        ],
        citations=[
            "type,record,field,source,locator,stated",
            "meeting,congress,,book,p. 1,",
            *(f"meeting,congress,start,book,p. {n},1991" for n in numbers),
            *(f"meeting,congress,participations,book,p. {n}," for n in range(3)),
            "meeting,convention,,book,p. 1,",
        ],
    )


@pytest.fixture(scope="module")
def busy(django_db_setup, django_db_blocker, tmp_path_factory):
    """The folder of a meeting of very many, which is on record."""
    folder = tables_of(MANY, tmp_path_factory.mktemp("busy") / "tables")
    with django_db_blocker.unblock(), transaction.atomic():
        _said, told, failure = load(folder)
        assert not failure, told[-500:]
        yield folder
        transaction.set_rollback(True)


def command(name, *arguments):
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=out)
    return out.getvalue()


def congress():
    return Meeting.objects.get(slug="congress")


@in_depth("It writes row by row, and takes long.")
def test_it_is_merged_and_that_is_taken_back(tmp_path):
    load(tables_of(NESTED, tmp_path / "tables"))
    rows = Meeting.objects.values_list("slug", "participations__role")
    before = sorted(rows)
    merge(congress(), Meeting.objects.get(slug="convention"))
    assert congress().participations.count() == 2 * NESTED
    undo(ChangeSet.objects.first())
    assert sorted(rows) == before


def test_it_is_read_in_again_as_it_is(busy):
    said, _told, failure = load(busy)
    assert failure is None
    assert said.startswith("Nothing has changed")


def test_it_is_dumped_and_checked_and_its_disputes_are_derived(busy, tmp_path):
    command("dump", str(tmp_path / "out"))
    lines = (tmp_path / "out" / "participations.csv").read_text().splitlines()
    assert len(lines) == 2 * MANY + 1
    assert "participations" not in command("check_data")
    before = set(congress().disputes.values_list("field", "kind", "state"))
    command("refresh_disputes")
    assert set(congress().disputes.values_list("field", "kind", "state")) == before
    assert {field for field, _kind, _state in before} == {"start"}


def test_all_of_it_is_taken_back_at_once(busy):
    undo(ChangeSet.objects.first())
    assert not Official.objects.exists()
    assert not any(kind.objects.exists() for kind in cited_types().values())


def test_it_is_shown_by_the_api_and_on_lists(busy, client, api):
    for at in ("", "timeline/", "meetings/", "citations/?source=book", "disputes/"):
        assert api.get(f"/api/v1/{at}").status_code == 200, at
    assert len(api.get("/api/v1/meetings/congress/").json()["participations"]) == 0
    for at in ("/", "/disputes/", "/meetings/"):
        assert client.get(at).status_code == 200, at


def test_it_is_listed_at_the_desk(busy, client):
    superuser(client)
    for at in ("/admin/", "/admin/disputes/", address(Meeting, "changelist")):
        assert client.get(at).status_code == 200, at
