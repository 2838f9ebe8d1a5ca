"""How the site does, in numbers that Prometheus reads.

The form and the names follow https://prometheus.io/docs/instrumenting/exposition_formats/
and https://prometheus.io/docs/practices/naming/.
"""

import os
from time import perf_counter

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse, HttpResponseNotFound
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

ADDRESS = "/prometheus"
PARTS = {"/api/": "api", "/admin/": "admin", settings.STATIC_URL: "static"}
METHODS = {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

ANSWERS = Counter(
    "bordersec_answers", "Answers given.", ["part", "method", "status"]
)  # its name ends in _total where it is read
SECONDS = Histogram(
    "bordersec_answer_seconds",
    "How long it took to begin an answer.",
    ["part"],
    buckets=(0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)


class Monitoring:
    """Middleware that counts answers, and shows all numbers to who has the token.

    Without ``METRICS_TOKEN`` nothing is counted and nothing shown.
    """

    def __init__(self, get_response):
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info == ADDRESS:
            return shown(request)
        begun = perf_counter()
        response = self.get_response(request)
        part = part_of(request.path_info)
        method = request.method if request.method in METHODS else "other"
        SECONDS.labels(part).observe(perf_counter() - begun)
        ANSWERS.labels(part, method, response.status_code).inc()
        return response


def part_of(path):
    """The part of the site that an address is in."""
    begun = (part for start, part in PARTS.items() if path.startswith(start))
    return next(begun, "pages")


def shown(request):
    """All numbers; to who has no token the address is one that is not there."""
    given = request.headers.get("Authorization", "")
    if not constant_time_compare(given, f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponseNotFound()
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # what all processes have counted
    else:
        registry.register(REGISTRY)
    registry.register(OfTheSite())
    answer = HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
    answer["Cache-Control"] = "no-store"
    return answer


class OfTheSite:
    """What is looked up when it is asked for, by the functions that are set.

    Each gives names, what they mean, numbers, and of which of several one is.
    """

    def collect(self):
        families = {}
        for place in settings.MONITORED:
            for name, said, value, *of_which in import_string(place)():
                labels = dict(*of_which)
                family = families.setdefault(
                    name,
                    GaugeMetricFamily(f"bordersec_{name}", said, labels=list(labels)),
                )
                family.add_metric(list(labels.values()), value)
        yield from families.values()
