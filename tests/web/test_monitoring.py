"""Who has the token reads how the site does; to others there is no such address."""

import re

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from provenance.backups import making
from provenance.db.replicas import Replicas
from provenance.web import health
from tests import PROJECT
from tests.db.test_replicas import LIMIT, Described

pytestmark = pytest.mark.django_db

TOKEN = "kept-by-prometheus"


@pytest.fixture
def watched(settings, tmp_path):
    """A reader of a site whose answers are counted."""
    settings.METRICS_TOKEN, settings.KEPT_FILES = TOKEN, tmp_path
    return Client(raise_request_exception=False)


def numbers(client):
    """Each number that is shown, by its name and labels."""
    answer = client.get("/prometheus", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (one.name, *sorted(one.labels.items())): one.value
        for family in text_string_to_metric_families(answer.content.decode())
        for one in family.samples
    }


def counted(found, part, status):
    labels = (("method", "GET"), ("part", part), ("status", status))
    return found.get(("bordersec_answers_total", *labels), 0)


def test_answers_are_counted_by_part_and_status(watched):
    before = numbers(watched)
    for address in ("/healthz", "/", "/nothing/", "/api/v1/places/", "/api/v1/x/"):
        watched.get(address)
    after = numbers(watched)
    for part, status in (("pages", "200"), ("pages", "404"), ("api", "200")):
        assert counted(after, part, status) - counted(before, part, status) == 1
    assert counted(after, "api", "404") - counted(before, "api", "404") == 1


def test_the_state_of_the_site_is_told(watched, settings):
    found = numbers(watched)
    assert found["bordersec_ready",] == 1
    assert found["bordersec_tasks_waiting",] == 0
    assert found["bordersec_disputes_open",] == 0
    assert ("bordersec_last_backup_timestamp_seconds",) not in found
    (settings.KEPT_FILES / making.LAST).touch()
    assert numbers(watched)["bordersec_last_backup_timestamp_seconds",] > 0


def test_how_far_replicas_are_behind_is_told_of_each(watched, monkeypatch):
    servers = Described(written=100, near=98, far=None)
    replicas = Replicas(servers, LIMIT, clock=lambda: servers.now)
    monkeypatch.setattr(health, "of_this_site", lambda: replicas)
    found = numbers(watched)
    near, far = ("replica", "near"), ("replica", "far")
    assert found["bordersec_replica_current", near] == 0
    assert found["bordersec_replica_behind_bytes", near] == 2
    assert found["bordersec_replica_current", far] == 0
    servers.at["near"] = 100
    replicas.doubt()
    assert numbers(watched)["bordersec_replica_current", near] == 1


@pytest.mark.parametrize("sent", [{}, {"Authorization": "Bearer another"}])
def test_without_the_token_there_is_no_such_address(watched, sent):
    answer = watched.get("/prometheus", headers=sent)
    assert (answer.status_code, answer.content) == (404, b"")


def test_nothing_is_counted_unless_it_is_asked_for(client):
    assert client.get("/prometheus").status_code == 404


def test_alerts_ask_for_what_is_told(watched):
    rules = (PROJECT / "deploy" / "alerts.yml").read_text()
    watched.get("/")
    told = {name for name, *_labels in numbers(watched)}
    told.add("bordersec_last_backup_timestamp_seconds")
    told |= {"bordersec_replica_current", "bordersec_replica_behind_bytes"}
    assert set(re.findall(r"bordersec_\w+", rules)) <= told
