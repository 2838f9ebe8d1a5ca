"""A full disk: one sentence at every door, nothing written, and then another try."""

from contextlib import contextmanager

import pytest
from django.db import connection

from entities.models import Place
from provenance.history.undo import undo
from provenance.resources.importing import NoRoom
from provenance.tracking.changes import ChangeSet
from tests.curating import address, superuser
from tests.depth import times
from tests.digests import digest
from tests.folders import load, read_in, write

pytestmark = pytest.mark.django_db(transaction=True)

FULL = "The disk of the database is full. Nothing was written; make room and repeat it."
ROWS = 600
MANY = [
    "slug,name,kind",
    *(f"place-{n},The place of number {n},city" for n in range(ROWS)),
]
UNLIMITED = 0xFFFFFFFE  # pages
ROWS_ON_A_PAGE = 15


FILL = """
CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (SELECT count(*) FROM entities_historicalplace) > %d THEN
        RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER fill AFTER INSERT ON entities_historicalplace
    FOR EACH STATEMENT EXECUTE FUNCTION fill()
"""


@contextmanager
def room_for(pages):
    """A disk on which the database may grow by so many pages, and no further."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")  # or there would be room in what it has
            cursor.execute("PRAGMA page_count")
            (now,) = cursor.fetchone()
            cursor.execute(f"PRAGMA max_page_count = {now + pages}")
            again = f"PRAGMA max_page_count = {UNLIMITED}"
        else:  # the server says it by itself, once so many rows are in its tables
            cursor.execute(FILL % (ROWS_ON_A_PAGE * pages))
            again = "DROP FUNCTION fill CASCADE"
        try:
            yield
        finally:
            cursor.execute(again)


@pytest.mark.proves("disks that are full after some pages")
@pytest.mark.parametrize("pages", range(0, 40, 39 // times(2, 4, 39)))
def test_an_import_that_fills_the_disk_writes_nothing_and_is_done_when_there_is_room(
    pages, figure
):
    read_in("places", "slug,name,kind\nearlier,Earlier,city\n")
    before = digest()
    with room_for(pages):
        with pytest.raises(NoRoom) as refused:
            read_in("places", "\n".join(MANY))
        assert str(refused.value) == FULL
        figure(1, digest() != before)
        assert digest() == before
    assert read_in("places", "\n".join(MANY)).counts["new"] == ROWS
    assert list(ChangeSet.objects.order_by("number").values_list("number")) == [
        (1,),
        (2,),
    ]


def test_a_take_back_that_fills_the_disk_takes_nothing_back():
    read_in("places", "\n".join(MANY))
    change, before = ChangeSet.objects.get(), digest()
    with room_for(3):
        with pytest.raises(NoRoom, match="Nothing was written"):
            undo(change)
        assert digest() == before
    undo(change)
    assert not Place.objects.exists()


def test_a_load_says_so_in_one_line(tmp_path):
    write(tmp_path / "in", places=MANY)
    with room_for(0):
        assert load(tmp_path / "in")[2] == FULL
    assert load(tmp_path / "in")[2] is None


NEW = {"slug": "nogales", "name": "Nogales", "kind": "city", "status": "draft"}


def test_the_api_answers_507(api, django_user_model):
    api.force_authenticate(django_user_model.objects.create_superuser("writer"))
    long = {**NEW, "public_note": "x" * 60_000}
    with room_for(0):
        answer = api.post("/api/v1/places/", long)
        assert (answer.status_code, answer.json()) == (
            507,
            {
                "type": "about:blank",
                "title": "Insufficient Storage",
                "status": 507,
                "detail": FULL,
            },
        )
    assert api.post("/api/v1/places/", long).status_code == 201


def test_the_admin_answers_507(client):
    superuser(client)
    form = {**NEW, "seen_version": "", "private_note": "x" * 60_000}
    for rows in ("citations", "names"):
        form |= {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}
    with room_for(0):
        answer = client.post(address(Place, "add"), form)
        assert (answer.status_code, answer.content.decode()) == (507, FULL)
    assert client.post(address(Place, "add"), form).status_code == 302
    assert Place.objects.get().slug == "nogales"
