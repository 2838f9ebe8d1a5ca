"""Long imports are done by a worker, outside of any request, where there is one."""

import math
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from entities.models import Place
from provenance.imports import queue
from provenance.models import ChangeSet, Upload
from tests import make
from tests.curating import address, superuser
from tests.importing import NOGALES, PLACES, at, buttons, counts, sealed, upload

# The worker closes connections, as it does between its tasks.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

HERMOSILLO = "hermosillo,draft,,city\r\n"


@pytest.fixture(autouse=True)
def _a_worker(settings, monkeypatch, tmp_path):
    """A site that has one; files of any length are long."""
    settings.WORKER, settings.KEPT_FILES = True, tmp_path
    monkeypatch.setattr("provenance.admin.importing.LONG", 0)
    monkeypatch.setattr(queue, "A_WHILE", 0)


def work():
    """Does all that waits."""
    call_command("db_worker", "--batch", "--no-startup-delay", "--no-reload", "-v0")


class TestInTheAdmin:
    def test_a_file_is_previewed_and_imported_by_the_worker(self, curator):
        page = upload(curator, PLACES + NOGALES)
        assert page.context["standing"].state == "queued"
        assert buttons(page) == {"upload", "progress", "cancel"}
        work()
        page = curator.get(at(page, "upload"))
        assert counts(page) == {"new": 1}
        asked = curator.post(at(page, "confirm"), sealed(page), follow=True)
        assert "Waiting for the worker" in asked.content.decode()
        assert not Place.objects.exists()
        work()
        change = ChangeSet.objects.get()
        assert (change.user.username, change.path) == ("ana", "import")
        done = curator.get(at(page, "upload"))
        assert done.context["upload"].change == change
        assert done.context["standing"] is None

    def test_it_is_said_how_far_it_is(self, curator):
        page = upload(curator, PLACES + NOGALES)
        progress = curator.get(at(page, "progress"))
        assert progress.json() == {"state": "queued", "done": 0, "rows": 1}
        work()
        progress = curator.get(at(page, "progress"))
        assert progress.json() == {"state": "done", "done": 1, "rows": 1}

    def test_what_is_done_is_so_to_its_last_row(self, curator, monkeypatch):
        monkeypatch.setattr(queue, "A_WHILE", math.inf)  # too short for any sign
        page = upload(curator, PLACES + NOGALES)
        work()
        progress = curator.get(at(page, "progress"))
        assert progress.json() == {"state": "done", "done": 1, "rows": 1}

    def test_what_is_asked_for_twice_is_done_once(self, curator):
        page = upload(curator, PLACES + NOGALES)
        curator.post(at(page, "read"))
        work()
        page = curator.get(at(page, "upload"))
        for _turn in range(2):
            curator.post(at(page, "confirm"), sealed(page))
        work()
        assert ChangeSet.objects.count() == 1

    def test_a_change_of_the_record_since_the_preview_is_told(self, curator):
        page = upload(curator, PLACES + NOGALES)
        work()
        page = curator.get(at(page, "upload"))
        Place.objects.create(slug="nogales", name="Nogales", kind="city")
        curator.post(at(page, "confirm"), sealed(page))
        work()
        page = curator.get(at(page, "upload"))
        assert "the record changed after the preview" in page.content.decode()

    def test_a_worker_that_was_ended_is_not_waited_for(self, curator):
        page = upload(curator, PLACES + NOGALES)
        task = queue.DBTaskResult.objects.get()
        task.claim("a-worker")
        assert queue.standing(Upload.objects.get()).state == "running"
        with time_machine.travel(
            timezone.now() + timedelta(seconds=queue.TOO_LONG + 1)
        ):
            shown = curator.get(at(page, "upload"))
            assert "Start it again" in shown.content.decode()
            curator.post(at(page, "read"))
            work()
        assert counts(curator.get(at(page, "upload"))) == {"new": 1}


class TestOverTheApi:
    def sent(self, client, text, **asked):
        query = {"table": "places", **asked}
        query = {name: value for name, value in query.items() if value}
        return client.post(
            "/api/v1/imports/",
            text,
            content_type="text/csv",
            query_params=query,
            headers={"Prefer": "respond-async", "X-Change-Reason": "a list"},
        )

    def test_a_table_is_taken_and_asked_for_later(self, manager):
        taken = self.sent(manager, PLACES + NOGALES)
        assert taken.status_code == 202
        assert taken["Preference-Applied"] == "respond-async"
        upload = Upload.objects.get()
        assert taken["Location"] == f"/api/v1/imports/{upload.pk}/"
        assert taken.json() == {
            "id": str(upload.pk),
            "state": "queued",
            "done": 0,
            "rows": 1,
            "result": None,
            "problem": None,
        }
        work()
        said = manager.get(taken["Location"]).json()
        change = ChangeSet.objects.get()
        assert (said["state"], said["done"]) == ("done", 1)
        assert said["result"]["change"] == change.number
        assert said["result"]["counts"]["new"] == 1
        assert change.reason == "import of places.csv: a list"

    def test_a_file_with_other_columns_is_read_by_a_mapping(self, manager):
        text = 'name = "Cities"\n[places]\nname = {from = "City"}\nkind = "city"\n'
        make.a_mapping("Cities", text)
        taken = self.sent(manager, "City\r\nNogales\r\n", table=None, mapping="Cities")
        assert taken.status_code == 202
        work()
        said = manager.get(taken["Location"]).json()
        assert [one["table"] for one in said["result"]["tables"]] == ["places"]
        assert said["result"]["counts"]["new"] == 1

    def test_what_is_wrong_is_said_where_it_is_asked_for(self, manager):
        taken = self.sent(manager, PLACES + NOGALES + HERMOSILLO)
        work()
        said = manager.get(taken["Location"]).json()
        assert (said["state"], said["result"]) == ("refused", None)
        assert said["problem"]["status"] == 400
        (error,) = said["problem"]["errors"]
        assert (error["line"], error["column"]) == (3, "name")
        assert not Place.objects.exists()

    def test_a_file_with_other_columns_is_refused_at_once(self, manager):
        refused = self.sent(manager, "nope,x\r\n1,2\r\n")
        assert refused.status_code == 400
        assert "unknown column" in refused.json()["errors"][0]["message"]
        assert not Upload.objects.exists()

    def test_invalid_rows_are_set_aside(self, manager):
        taken = self.sent(manager, PLACES + NOGALES + HERMOSILLO, set_aside="true")
        work()
        result = manager.get(taken["Location"]).json()["result"]
        assert result["counts"]["wrong"] == 1
        assert "hermosillo,draft,,city,name: " in result["set_aside"]

    def test_only_who_sent_it_is_told(self, manager, client):
        taken = self.sent(manager, PLACES + NOGALES)
        assert client.get(taken["Location"]).status_code == 404
        assert manager.get(f"/api/v1/imports/{uuid4()}/").status_code == 404
        assert superuser(client).get(taken["Location"]).status_code == 404

    def test_without_a_worker_it_is_done_at_once(self, manager, settings):
        settings.WORKER = False
        assert self.sent(manager, PLACES + NOGALES).status_code == 201


def test_without_a_worker_the_page_asks_for_it(curator, settings):
    settings.WORKER = False
    page = upload(curator, PLACES + NOGALES)
    assert "read" in buttons(page) and page.context["standing"] is None
    assert address(Place, "import") in page.content.decode()
