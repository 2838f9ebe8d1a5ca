"""Whether the site is alive, and whether it is ready: for who balances load or watches.

The two are asked for as Kubernetes has it (livez and readyz, and healthz before them):
https://kubernetes.io/docs/reference/using-api/health-checks/
"""

import shutil
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Min
from django.http import HttpResponseNotAllowed, JsonResponse
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ..db.replicas import of_this_site

ALIVE, READY = "/healthz", "/readyz"
OK = "ok"
PATIENCE = timedelta(
    minutes=10
)  # after which waiting work says that no worker takes it
LONGEST = timedelta(hours=1)  # a task of which more is not expected; its worker is gone
ROOM = 256 << 20  # bytes that have to be free where the site writes


class Health:
    """Middleware that answers before all else, by whatever name the site is asked.

    A probe knows an address and no name, and to be sent on to HTTPS would seem to it
    to be a fault. What it says is public: which part is amiss, and nothing of it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info not in (ALIVE, READY):
            return self.get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        checks = checked() if request.path_info == READY else {}
        is_well = all(said == OK for said in checks.values())
        told = {"status": OK if is_well else "not ready"}
        if checks:
            told |= {"checks": checks, **_replicas()}
        answer = JsonResponse(told, status=200 if is_well else 503)
        answer["Cache-Control"] = "no-store"
        answer["X-Content-Type-Options"] = "nosniff"
        return answer


def checked():
    """What each part of the site says of itself."""
    try:
        return {
            "database": OK,
            "migrations": _migrations(),
            "worker": _worker(),
            "disk": _disk(),
        }
    except Error:
        return {"database": "it does not answer as it should", "disk": _disk()}


def _replicas():
    """How the replicas are, where there are any; the site does without each of them."""
    if (replicas := of_this_site()) is None:
        return {}
    replicas.look()
    return {"replicas": {each.alias: each.state for each in replicas.all}}


def _migrations():
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} are missing" if plan else OK


def _worker():
    """Whether what is asked of a worker is taken up; without one there is nothing."""
    if not settings.WORKER:
        return OK
    tasks, now = DBTaskResult.objects.order_by(), timezone.now()
    at_work = {"status": TaskResultStatus.RUNNING, "started_at__gte": now - LONGEST}
    if tasks.filter(**at_work).exists():
        return OK
    long_ago = now - PATIENCE
    waiting = tasks.filter(status=TaskResultStatus.READY, enqueued_at__lt=long_ago)
    return "nobody takes up what waits" if waiting.exists() else OK


def numbers():
    """How much waits for a worker, how long, and whether the site is ready."""
    now = timezone.now()
    waiting = DBTaskResult.objects.order_by().filter(status=TaskResultStatus.READY)
    told = waiting.aggregate(count=Count("pk"), first=Min("enqueued_at"))
    since = (now - told["first"]).total_seconds() if told["first"] else 0
    is_ready = all(said == OK for said in checked().values())
    yield "tasks_waiting", "Pieces of work that wait for a worker.", told["count"]
    yield "tasks_waiting_seconds", "How long the first of them has waited.", since
    yield "ready", "1 if the site is ready, as /readyz says.", int(is_ready)
    yield "disk_free_bytes", "Room where the site writes files.", _free()


def numbers_of_replicas():
    """Which replicas are current, and how far each is behind."""
    if (replicas := of_this_site()) is None:
        return
    replicas.look()
    for each in replicas.all:
        told = {"replica": each.alias}
        is_current = int(each.state == OK)
        yield "replica_current", "1 if it answers the public.", is_current, told
        behind = replicas.behind(each)
        yield "replica_behind_bytes", "What it has still to repeat.", behind, told


def _disk():
    """Whether there is room where the site writes files."""
    return OK if _free() >= ROOM else "it is nearly full"


def _free():
    """Bytes of room, where there is least of it."""
    places = [settings.FILES, settings.KEPT_FILES]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():
        places.append(Path(connection.settings_dict["NAME"]).parent)
    return min(shutil.disk_usage(_there(place)).free for place in places)


def _there(place):
    """A folder, or the one above it where that would be made."""
    return next(part for part in (place, *place.parents) if part.exists())
