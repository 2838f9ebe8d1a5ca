"""Who watches the site learns whether it is alive and ready, and nothing else."""

import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from provenance.imports.queue import read
from provenance.web import health

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WELL = {"database": "ok", "migrations": "ok", "worker": "ok", "disk": "ok"}


def ready(client):
    answer = client.get("/readyz")
    assert answer["Cache-Control"] == "no-store"
    return answer.status_code, answer.json()


def test_it_is_alive_and_ready_by_whatever_name_it_is_asked(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/healthz", HTTP_HOST="10.0.0.7:8000")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    answer = client.get("/readyz", HTTP_HOST="10.0.0.7:8000")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "checks": WELL},
    )


def test_it_is_asked_by_get_and_head_alone(client):
    assert client.head("/readyz").status_code == 200
    assert client.post("/readyz").status_code == 405


def test_it_is_alive_but_not_ready_without_its_database(client, monkeypatch):
    def gone(*_asked):
        raise DatabaseError("password of bordersec is wrong")

    monkeypatch.setattr(health, "MigrationExecutor", gone)
    checks = {"database": "it does not answer as it should", "disk": "ok"}
    assert ready(client) == (503, {"status": "not ready", "checks": checks})
    assert client.get("/healthz").status_code == 200


def test_it_is_not_ready_while_a_migration_is_missing(client):
    executor = health.MigrationExecutor(health.connection)
    ((app, last),) = executor.loader.graph.leaf_nodes("timeline")
    executor.recorder.migration_qs.filter(app=app, name=last).delete()
    checks = WELL | {"migrations": "1 are missing"}
    assert ready(client) == (503, {"status": "not ready", "checks": checks})


def test_it_is_not_ready_while_nobody_takes_up_what_waits(client, settings):
    read.enqueue("0")
    earlier = timezone.now() - timedelta(minutes=11)
    DBTaskResult.objects.update(enqueued_at=earlier)
    assert ready(client)[0] == 200  # there is no worker that should
    settings.WORKER = True
    checks = WELL | {"worker": "nobody takes up what waits"}
    assert ready(client) == (503, {"status": "not ready", "checks": checks})
    running = DBTaskResult.objects
    running.update(status=TaskResultStatus.RUNNING, started_at=timezone.now())
    read.enqueue("1")
    DBTaskResult.objects.filter(status=TaskResultStatus.READY).update(
        enqueued_at=earlier
    )
    assert ready(client)[0] == 200
    running.filter(status=TaskResultStatus.RUNNING).update(
        started_at=timezone.now() - timedelta(hours=2)
    )
    assert ready(client) == (503, {"status": "not ready", "checks": checks})


def test_it_is_not_ready_while_the_disk_is_nearly_full(client, monkeypatch):
    left = SimpleNamespace(free=health.ROOM - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: left)
    checks = WELL | {"disk": "it is nearly full"}
    assert ready(client) == (503, {"status": "not ready", "checks": checks})
