"""How long lists and pages take, in process, at each size of the record.

What is said of a size is the median of some rounds, in which the addresses take turns,
and how many statements each sends: as many at a million as at ten thousand.
"""

import json
import os
from statistics import median
from time import perf_counter

from provenance.db.keyset import Cursor
from tests.bench.export import manage
from tests.bench.record import SIZES, database_of

ROUNDS, PAGE_SIZE = 5, 100
API = "/api/v1/"
WHEN = "1990-06-01"
SLOW = 5_000  # milliseconds; what takes longer is asked once
LISTS = {"official": "officials", "agency": "agencies"}
BETWEEN = "from=1990&to=1995&type=meeting"
WORDS = {
    "in none": "zzabsent",
    "rare": "file4321",
    "common": "garcia",
    "two": "gar jos",
    "prefix": "ostergar",
    "with a slip": "gracia",
}


def busiest_and_median(rows, name):
    """The slugs of what most rows name, and of what stands in the middle of them."""
    from django.db.models import Count

    named = rows.exclude(**{name: None}).values_list(f"{name}__slug")
    slugs = named.annotate(number=Count("pk")).order_by("-number", f"{name}__slug")
    return slugs[0][0], slugs[slugs.count() // 2][0]


def addresses():
    """What is asked, by the number of the goal and what it is."""
    from entities.models import Official
    from timeline.models import Event, EventTheme, Participation

    events, took_part = Event.objects.all(), Participation.objects.order_by()
    parties = {
        name: busiest_and_median(took_part, name) for name in ("official", "agency")
    }
    place, _middle = busiest_and_median(events.order_by(), "place")
    theme, _middle = busiest_and_median(EventTheme.objects.order_by(), "theme")
    along = events.order_by("start_earliest", "pk").values_list("start_earliest", "pk")
    day, key = along[min(1_000 * PAGE_SIZE, events.count() - PAGE_SIZE)]
    far = Cursor(False, "start", "", [str(day), key])
    far_page = Cursor(False, "oldest", "dated", [str(day), key])
    yield "P1", "100 meetings", f"{API}meetings/?limit=100"
    yield "P3", "the timeline", f"{API}timeline/"
    yield "P3", "the timeline, newest first", f"{API}timeline/?ordering=-start"
    yield "P3", "the timeline, 1,000th page", f"{API}timeline/?cursor={far}"
    yield "P3", "the timeline as a page", "/"
    there = f"/?order=oldest&cursor={far_page}"
    yield "P3", "the timeline as a page, 1,000th", there
    for name, (busiest, middle) in parties.items():
        for which, slug in (("busiest", busiest), ("median", middle)):
            asked = f"{API}timeline/?{name}={slug}"
            yield "P4", f"{which} {name}", asked
            yield "P4", f"{which} {name}, newest first", f"{asked}&ordering=-start"
            yield "P4", f"{which} {name}, years and type", f"{asked}&{BETWEEN}"
            yield "P4", f"{which} {name}, theme", f"{asked}&theme={theme}"
            yield "P4", f"{which} {name}, place", f"{asked}&place={place}"
            yield "P4", f"{which} {name}, a word", f"{asked}&q=garcia"
            yield "P4", f"{which} {name} as a page", f"/?{name}={slug}"
            relations = f"/{LISTS[name]}/{slug}/network/"
            yield "P4", f"{which} {name}, relations as a page", relations
    yield "P4", "who met whom as a page", "/officials/pairs/"
    yield "P8", "appointments on a date", f"{API}appointments/?as_of={WHEN}"
    yield "P8", "events on a date", f"{API}timeline/?as_of={WHEN}"
    for name, words in WORDS.items():
        asked = words.replace(" ", "+")
        yield "P9", f"events with words, {name}", f"{API}timeline/?q={asked}"
        yield "P9", f"search, {name}", f"{API}search/?q={asked}"
    yield "P10", "disputes", f"{API}disputes/?state=open"
    yield "P10", "the dashboard", "/admin/"
    yield "P10", "the queue of disputes", "/admin/disputes/"
    cited = Event.citation_model().objects.order_by()
    source, other = busiest_and_median(cited, "source")
    yield "P12", "busiest source as a page", f"/sources/{source}/"
    compared = f"/sources/{source}/compare/?with={other}"
    yield "P12", "busiest source beside another", compared
    yield "P12", "busiest theme as a page", f"/themes/{theme}/"
    of_metric = f"{API}observations/?metric=encounters&from=1990"
    yield "P12", "observations of a metric since 1990", of_metric
    busiest = Official.objects.get(slug=parties["official"][0])
    form = f"/admin/entities/official/{busiest.pk}/change/"
    yield "P12", "busiest official in the admin", form
    drafts = "/admin/timeline/meeting/?status__exact=draft"
    yield "P12", "drafts of meetings in the admin", drafts
    yield "P12", "search in the admin", "/admin/search/?s=garcia"
    yield "P12", "sitemap", "/sitemap.xml"
    for name in ("sources", "officials", "agencies", "appointments", "observations"):
        yield "P12", name, f"{API}{name}/"
        yield "P12", f"{name} as a page", f"/{name}/"
    for name, asked in (("", ""), (", a word", "?q=garcia"), (", rare", "?q=file4321")):
        yield "P12", f"meetings in the admin{name}", f"/admin/timeline/meeting/{asked}"
    yield "P12", "citations", f"{API}citations/"
    yield "P12", "changes", f"{API}changes/?since=2000-01-01"
    yield "P12", "changes as Atom", "/changes.atom"
    yield "P12", "the metric", "/metrics/encounters/"
    yield "P12", "TimelineJS", "/timeline.json"
    yield "known_at", "100 meetings as known", f"{API}meetings/?limit=100&known_at=now"


def asked_of(client, address):
    """The milliseconds of an answer, how many statements it took, and its size."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as caught:
        started = perf_counter()
        answer = client.get(address)
        body = answer.getvalue()
        took = (perf_counter() - started) * 1000
    assert answer.status_code == 200, (address, answer.status_code)
    return took, len(caught), len(body)


def measure():
    """Prints as JSON, for each address: goal, name, milliseconds, statements, bytes."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.utils import timezone

    settings.ALLOWED_HOSTS = ["*"]
    settings.DEBUG = False
    reader, curator = Client(), Client()
    user, _made = get_user_model().objects.get_or_create(
        username="bench", is_staff=True, is_superuser=True
    )
    curator.force_login(user)
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    asked = [
        (goal, name, curator if at.startswith("/admin") else reader, at)
        for goal, name, at in addresses()
    ]
    found = {}
    for turn in range(ROUNDS + 1):  # the first round warms up
        for goal, name, client, address in asked:
            known = found.setdefault((goal, name), [])
            if turn > 1 and known[0][0] > SLOW:
                continue
            if turn == 1:
                known.clear()
            known.append(asked_of(client, address.replace("=now", f"={now}")))
    print(
        json.dumps(
            [
                [goal, name, median(ms for ms, _n, _b in all_), *all_[-1][1:]]
                for (goal, name), all_ in found.items()
            ]
        )
    )


def rows_of(size):
    """What was measured at one size."""
    code = "from tests.bench.lists import measure; measure()"
    told = manage(database_of(size), "shell", "--no-imports", "-c", code)
    return {(goal, name): rest for goal, name, *rest in json.loads(told)}


def asked_sizes():
    """The sizes that SIZES in the environment names."""
    sizes = os.environ.get("SIZES", "10k").split()
    unknown = [size for size in sizes if size not in SIZES]
    assert not unknown, f"SIZES has {unknown}; there are {list(SIZES)}"
    return sizes


def table(sizes):
    """What is measured at these sizes in Markdown, a line for each address."""
    measured = {size: rows_of(size) for size in sizes}
    yield (
        "| | What is asked | "
        + " | ".join(f"{s}, ms" for s in sizes)
        + (" | Growth | Statements | KB |")
    )
    yield "| --- | --- |" + " ---: |" * (len(sizes) + 3)
    for key in measured[sizes[0]]:
        several = [measured[size][key] for size in sizes]
        times = " | ".join(f"{ms:.0f}" for ms, _n, _b in several)
        growth = f"{several[-1][0] / several[0][0]:.1f}" if len(sizes) > 1 else ""
        counts = sorted({n for _ms, n, _b in several})
        counts = " to ".join(map(str, dict.fromkeys((counts[0], counts[-1]))))
        yield f"| {key[0]} | {key[1]} | {times} | {growth} | {counts} | " + (
            f"{several[-1][2] / 1024:.0f} |"
        )
