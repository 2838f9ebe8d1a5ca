"""A database that somebody else holds for too long: one sentence, nothing written."""

import sqlite3
from contextlib import closing, contextmanager

import pytest
from django.db import connection

from entities.models import Place
from provenance.tracking.changes import WRITERS
from tests.curating import address, superuser
from tests.databases import address_of
from tests.project.test_migrations import opened

pytestmark = pytest.mark.django_db(transaction=True)

BUSY = "The database is busy. Nothing was written; try again in a moment."


@contextmanager
def held():
    """Somebody else writes, and does not end; the site waits a tenth of a second."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":  # in shared memory nobody waits
        with closing(sqlite3.connect(name, uri=True, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
        return
    with connection.cursor() as cursor, opened(address_of(name)) as other:
        cursor.execute("SET lock_timeout = '100ms'")
        other.execute("SELECT pg_advisory_lock(%s)", [WRITERS])
        yield
        cursor.execute("RESET lock_timeout")


def test_the_desk_says_so_and_takes_it_afterwards(client):
    superuser(client)
    form = {"slug": "nogales", "name": "Nogales", "kind": "city", "status": "draft"}
    form |= {"seen_version": ""}
    for rows in ("citations", "names"):
        form |= {f"{rows}-TOTAL_FORMS": "0", f"{rows}-INITIAL_FORMS": "0"}
    with held():
        answer = client.post(address(Place, "add"), form)
        assert (answer.status_code, answer.content.decode()) == (503, BUSY)
        assert answer["Retry-After"] == "1"
    assert client.post(address(Place, "add"), form).status_code == 302
    assert Place.objects.get().slug == "nogales"


def test_the_api_says_so_and_takes_it_afterwards(api, django_user_model):
    api.force_authenticate(django_user_model.objects.create_superuser("writer"))
    place = {"slug": "nogales", "name": "Nogales", "kind": "city"}
    with held():
        answer = api.post("/api/v1/places/", place)
        assert (answer.status_code, answer.json()["detail"]) == (503, BUSY)
        assert answer["Retry-After"] == "1"
    assert api.post("/api/v1/places/", place).status_code == 201
