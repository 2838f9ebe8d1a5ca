"""Imports that a worker does outside of any request, and how far it is.

The queue is a table of the database. How far a piece of work is stands in a file beside
it: while an import is written nobody else sees what its transaction holds.
"""

import json
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, time

from django.conf import settings
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from ..models import Upload
from ..tables.atomic_files import whole_file
from .uploads import confirm, preview

A_WHILE = 0.5  # seconds between two signs of how far it is
TOO_LONG = 600  # seconds without a sign after which nobody works on it any more


@dataclass(frozen=True)
class Standing:
    """What a worker makes of an upload: whether it is done, and how far it is."""

    state: str  # queued, running, done or failed
    done: int = 0
    rows: int = 0

    @property
    def goes_on(self):
        """Whether more will come of it."""
        return self.state in ("queued", "running")


STATES = {
    TaskResultStatus.READY: "queued",
    TaskResultStatus.RUNNING: "running",
    TaskResultStatus.SUCCESSFUL: "done",
    TaskResultStatus.FAILED: "failed",
}


@task()
def read(key):
    """Previews an upload."""
    follow(key, preview(_upload(key)))


@task()
def write(key, seal):
    """Imports what was seen of an upload."""
    follow(key, confirm(_upload(key), seal))


def later(work, upload, *arguments):
    """Asks a worker for some work with an upload, unless one is at it."""
    if (known := standing(upload)) is None or not known.goes_on:
        _place_of(upload.pk).unlink(missing_ok=True)
        upload.task = work.enqueue(str(upload.pk), *arguments).id
        Upload.objects.filter(pk=upload.pk).update(task=upload.task)


def standing(upload):
    """How far the work with an upload is; None if no worker was asked for any."""
    if upload.task is None:
        return None
    known = DBTaskResult.objects.filter(pk=upload.task).first()
    if known is None:
        return Standing("failed")
    sign = _sign(upload.pk)
    state = STATES[TaskResultStatus(known.status)]
    if state == "running":
        begun = known.started_at.timestamp() if known.started_at else 0
        if time() - max(begun, sign.get("at", 0)) > TOO_LONG:
            state = "failed"  # the worker was ended in the midst of it
    rows = sign.get("rows", upload.rows)
    return Standing(state, rows if state == "done" else sign.get("done", 0), rows)


def follow(key, work):
    """Does some work, and shows how far it is; returns what came of it."""
    shown = 0.0
    while True:
        try:
            done, rows, _what = next(work)
        except StopIteration as end:
            return end.value
        if monotonic() - shown > A_WHILE:
            shown = monotonic()
            with suppress(OSError):  # no work fails for want of a sign of it
                _show(key, {"done": done, "rows": rows, "at": time()})


def _show(key, sign):
    place = _place_of(key)
    place.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(place) as file:
        file.write(json.dumps(sign).encode())


def _upload(key):
    return Upload.objects.select_related("user").get(pk=key)


def _sign(key):
    try:
        return json.loads(_place_of(key).read_bytes())
    except FileNotFoundError:
        return {}


def _place_of(key):
    return settings.KEPT_FILES / "progress" / f"{key}.json"
