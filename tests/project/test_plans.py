"""No list reads a whole table: how SQLite goes about each statement of a page.

A scan is right where it goes along an index in the order that is asked for and ends
with the page, or where it only counts along an index.
"""

import re
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from knox.models import get_token_model

from entities.models import Agency, Appointment, Official, Place
from provenance.models import BY_DATE, Source
from provenance.pages.addresses import page_of
from provenance.registry.kinds import record_types
from tests import make
from tests.curating import MAKERS, address, superuser
from timeline.models import Agreement, Event, Meeting, Metric, Observation, Theme

pytestmark = [
    pytest.mark.usefixtures("record"),
    pytest.mark.skipif(
        connection.vendor != "sqlite",
        reason="PostgreSQL plans by how many rows there are, and here are few.",
    ),
]

NO_COLLECTIONS = {"docs", "schema", "package", "imports", "search", "reconcile"}
NO_COLLECTIONS |= {"popolo", "followthemoney"}
RELATED = {
    "official": Official,
    "agency": Agency,
    "place": Place,
    "theme": Theme,
    "source": Source,
}
SCAN = re.compile(r"SCAN (?P<table>\w+)(?P<how>.*)")
# As many as there are sorts of things, whatever is on record; or a list in a statement.
SMALL = {
    "item",
    "of_one",
    "json_each",
    "CONSTANT",  # row: what a statement asks that has no table of its own
    "django_content_type",
    "auth_permission",
    "auth_group",
}
# Counts of the sitemap's index; years of what is drawn, which is done of few events.
OF_ALL = ("SELECT COUNT(", "SELECT django_date_extract(")
# A scan, and what was known at a moment of a whole table.
ANYWHERE = re.compile(r"SCAN|MATERIALIZE \w+_|SEARCH known .*\(history_date<\?\)")
SORTED = {"USE TEMP B-TREE FOR ORDER BY", "USE TEMP B-TREE FOR DISTINCT"}
ALL_OF_A_STATUS = re.compile(r"SEARCH \w+ USING .*\(status=\?( AND type=\?)?\)\Z")


@pytest.fixture(autouse=True)
def _as_if_large(record):
    """Plans are made as for a record ten thousand times the size."""
    for slug in ("sex", "age", "mode"):
        make.broken_down(slug)
    make.an_area()  # or all that there are would be those of one agency
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("SELECT rowid, stat FROM sqlite_stat1")
        for row, stat in cursor.fetchall():
            larger = " ".join(map(str, enlarged(list(map(int, stat.split())))))
            cursor.execute(
                "UPDATE sqlite_stat1 SET stat = %s WHERE rowid = %s", [larger, row]
            )
        # What is empty here is not there.
        cursor.execute(
            "INSERT INTO sqlite_stat1 SELECT m.tbl_name, m.name, '10000' || "
            "(SELECT group_concat(' 10', '') FROM pragma_index_info(m.name)) "
            "FROM sqlite_schema m WHERE m.type = 'index' "
            "AND m.tbl_name NOT IN (SELECT tbl FROM sqlite_stat1)"
        )
        cursor.execute("ANALYZE sqlite_schema")  # reads them
        yield
        cursor.execute("DROP TABLE sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


def enlarged(numbers):
    """How many rows there are, and how many have the same first columns of an index."""
    rows, *alike = numbers
    are_all_the_same = [n == rows > 1 for n in alike]
    larger = [1 if n == 1 < rows else 10 * n for n in alike]
    return [
        10_000 * rows,
        *(
            10_000 * rows if s else n
            for s, n in zip(are_all_the_same, larger, strict=True)
        ),
    ]


def asked_of_each(word):
    """Addresses of lists that are narrowed by what there is of each."""
    for name, model in RELATED.items():
        yield f"{word}?{name}={model.objects.published().first().slug}"
    for query in ("type=meeting", "from=2024&to=2025", "as_of=2025-02", "q=border"):
        yield f"{word}?{query}"


def asked_of_several():
    """What is asked of the timeline with several: of either, of both and of others."""
    words = {"type": ("meeting", "agreement")}
    for name, model in RELATED.items():
        words[name] = [record.slug for record in model.objects.published()[:2]]
    for name, (one, other) in words.items():
        yield from (f"{name}={one},{other}", f"{name}__n={one}")
        if name not in ("type", "place"):  # of which an event has one
            yield f"{name}={one}&{name}={other}"


def public(client):
    index = client.get("/api/v1/").json()
    yield from (f"/api/v1/{name}/" for name in index.keys() - NO_COLLECTIONS)
    yield from ("/api/v1/search/?q=marina", "/search/?q=marina", "/disputes/")
    yield "/search/?q=secretary+marina"
    for query in (
        '{"a":{"query":"marina"}}',
        '{"a":{"properties":[{"pid":"agency","v":"sedena"}]}}',
    ):
        yield f"/api/v1/reconcile/?{urlencode({'queries': query})}"
    yield from (f"/api/v1/{name}/?format=geojson" for name in ("places", "timeline"))
    yield from ("/api/v1/popolo/", "/api/v1/followthemoney/")
    yield "/api/v1/reconcile/suggest/entity/?prefix=marina"
    for kind in record_types().values():
        is_dated = kind is Source or kind.listed_in_the_past_by == BY_DATE
        dates = ("newest", "oldest") if is_dated else ()
        for order in ("", "z-a", "changed", *dates):
            yield f"/{kind.collection}/?order={order}"
        for order in ("slug", "-updated_at"):
            yield f"/api/v1/{kind.collection}/?ordering={order}"
    for kind in ("officials", "agencies", "places", "themes"):
        yield f"/{kind}/?order=events"
    yield from ("/sources/?order=citations", "/metrics/?order=observations")
    yield from ("/sources/?official=gregory-guillot", "/api/v1/sources/?agency=sedena")
    for query in ("in_dispute=open", "general_knowledge=yes", "lanes=compared"):
        yield f"/timeline/?{query}&agency=sedena,usnorthcom&from=2008&to=2024"
    for word in ("/", "/api/v1/timeline/"):
        yield from (word, *asked_of_each(word))
    for asked in ("metric=us-troops-at-border", "dim:sex=F", "place=us-mexico-border"):
        yield f"/api/v1/observations/aggregate/?{asked}&group_by=year&measure=max"
    yield from (f"/api/v1/timeline/?{query}" for query in asked_of_several())
    for asked in ("official=gregory-guillot", "agency=sedena", "theme=border-security"):
        yield f"/api/v1/timeline/aggregate/?{asked}&group_by=agency,theme,place,year"
        yield f"/timeline/aggregate/?{asked}&by=official"
    for asked in ("role=host", "role__n=host", "agency=sedena&role=signatory"):
        yield f"/api/v1/timeline/?{asked}"
    for no in ("", "__n"):
        yield f"/api/v1/agencies/?area{no}=mexico"
        yield f"/api/v1/places/?area_of{no}=usnorthcom"
    for name in ("metrics", "observations"):
        for asked in ("theme=border-security", "theme__n=border-security"):
            yield f"/api/v1/{name}/?{asked}"
    yield from ("/api/v1/observations/?dim:sex=F", "/observations/?dim:sex=F")
    yield from ("/map/", "/map/?agency=sedena", "/map/?from=2024&to=2025")
    yield from ("/timeline.json", "/timeline.ics", "/changes.atom", "/sitemap.xml")


def for_curators():
    yield from ("/admin/disputes/", "/admin/changes/", "/admin/search/?s=marina")
    yield from (address(model, "changelist") for model in (*MAKERS, Event))
    for model in MAKERS:
        yield address(model, "change", model.objects.first().pk)


class Plans:
    """Asks of each statement how it would be gone about, and notes what reads all."""

    def __init__(self):
        self.found, self.asked = [], 0

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith("SELECT") and not many:
            self.asked += 1
            execute(f"EXPLAIN QUERY PLAN {sql}", params, many, context)
            rows = context["cursor"].fetchall()
            steps = [row[3] for row in rows if row[1] == 0 or ANYWHERE.match(row[3])]
            self.found += [(step, sql) for step in self.scans(steps, sql)]
        return execute(sql, params, many, context)

    def scans(self, steps, sql):
        if sql.startswith(OF_ALL):
            return
        is_sorted = not SORTED.isdisjoint(steps)
        for step in steps:
            if ANYWHERE.match(step) and not step.startswith("SCAN"):
                yield step
                continue
            if ALL_OF_A_STATUS.match(step) and (is_sorted or " LIMIT " not in sql):
                yield step  # which are most of the table
                continue
            scan = SCAN.match(step)
            if not scan or scan["table"] in SMALL or "VIRTUAL TABLE" in scan["how"]:
                continue
            if is_sorted or " LIMIT " not in sql:
                yield step


def plans_of(client, addresses):
    plans = Plans()
    for at in addresses:
        before = len(plans.found)
        with connection.execute_wrapper(plans):
            answer = client.get(at)
            answer.getvalue()
        assert answer.status_code == 200, at
        assert not plans.found[before:], at
    return plans


def test_no_public_list_reads_a_whole_table(client):
    assert plans_of(client, list(public(client))).asked > 200


def worked_out():
    """Answers that are worked out of what an address narrows them to."""
    for asked in ("official=gregory-guillot", "agency=sedena", "theme=border-security"):
        yield f"/api/v1/officials/pairs/?{asked}"
    yield "/api/v1/compare/?from=2009-10&to=2025-04&agency=sedena"
    yield "/api/v1/observations/aggregate/?metric=homicides&group_by=dim:sex"


def test_no_narrowed_answer_reads_a_whole_table(client):
    assert plans_of(client, list(worked_out())).asked > 20


def test_no_list_of_curators_reads_a_whole_table(client, monkeypatch):
    monkeypatch.setattr("provenance.admin.listed.Listed.list_per_page", 1)
    assert plans_of(superuser(client), list(for_curators())).asked > 200


def stranger(client):
    """A client that sees what is public."""
    return client


def curator(client):
    """The client, by a token that sees everything in the API."""
    user = get_user_model().objects.create_superuser("curator")
    _token, text = get_token_model().objects.create(user=user)
    client.defaults["HTTP_AUTHORIZATION"] = f"Token {text}"
    return client


def test_no_list_with_drafts_reads_a_whole_table(client):
    asked = [
        f"/api/v1/{kind.collection}/?limit=2&{query}"
        for kind in (Agency, Appointment, Observation, Meeting, Event)
        for query in ("", "status=draft", "ordering=-updated_at", "ordering=slug")
    ]
    asked += ["/api/v1/timeline/?as_of=2025", "/api/v1/posts/?from=2024&ordering=start"]
    for name in ("citations/?", "disputes/?", "search/?q=marina&"):
        asked += [f"/api/v1/{name}limit=2&{q}" for q in ("", "status=draft")]
    asked += ["/api/v1/disputes/?state=open", "/api/v1/search/?q=m&status__n=draft"]
    assert plans_of(curator(client), asked).asked > 90


def test_lists_of_very_many_go_along_what_is_stored_of_each(client, monkeypatch):
    monkeypatch.setattr("provenance.pages.collection.FEW", 0)
    orders = ("events", "-events", "seen", "-seen")
    kinds = ("officials", "agencies")
    asked = [f"/{kind}/?order={order}" for kind in kinds for order in orders]
    assert plans_of(client, asked).asked > 8


def test_no_list_of_the_past_reads_a_whole_history(client):
    index, now = client.get("/api/v1/").json(), timezone.now().isoformat()
    names = sorted(index.keys() - {*NO_COLLECTIONS, "search", "changes"})
    asked = [f"/api/v1/{name}/?{urlencode({'known_at': now})}" for name in names]
    assert plans_of(client, asked).asked > 20


OF_APPOINTMENTS = 'SELECT "entities_appointment"'


def steps_of(sql):
    """How SQLite goes about a statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]


@pytest.mark.parametrize("order", ["start", "-start"])
@pytest.mark.parametrize("party", [Official, Agency])
def test_events_of_a_party_are_read_along_one_index(party, order, client):
    name = party.type_name()
    for more in ({}, {"type": "meeting"}, {"from": "2024", "to": "2025"}):
        slug = party.objects.published().first().slug
        asked = urlencode({name: slug, "ordering": order, **more})
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/api/v1/timeline/?{asked}")
        (page,) = (q["sql"] for q in caught if 'JOIN "timeline_attendance' in q["sql"])
        steps = steps_of(page)
        assert f"INDEX timeline_attendance_{name} ({name}_id=?" in steps[0]
        assert SORTED.isdisjoint(steps)


def test_no_page_of_a_record_reads_a_whole_table(client):
    records = (kind.objects.published().first() for kind in record_types().values())
    pages = [page_of(record) for record in records if record is not None]
    one, other = (source.slug for source in Source.objects.published()[:2])
    pages.append(f"/sources/{one}/compare/?with={other}")
    assert plans_of(client, pages).asked > 200


def test_drafts_of_a_kind_are_read_along_one_index_in_their_order(client):
    asked = f"{address(Meeting, 'changelist')}?status__exact=draft"
    with CaptureQueriesContext(connection) as caught:
        superuser(client).get(asked)
    (page,) = (
        query["sql"] for query in caught if ' ORDER BY "timeline_event"' in query["sql"]
    )
    steps = steps_of(page)
    assert "(status=? AND type=?)" in steps[0]
    assert SORTED.isdisjoint(steps)


def test_curators_find_what_is_called_just_so_by_the_index_of_names(
    client, monkeypatch
):
    monkeypatch.setattr("provenance.search.hits.FEW", 0)
    with CaptureQueriesContext(connection) as caught:
        superuser(client).get("/admin/search/?s=mexico")
    called = [q["sql"] for q in caught if '"timeline_event"."sort_key" = ' in q["sql"]]
    called = [sql for sql in called if "NOT (" not in sql]
    assert called
    for sql in called:
        assert "(status=? AND type=? AND sort_key=?)" in steps_of(sql)[0]


@pytest.mark.parametrize("who", [stranger, curator])
def test_disputes_in_a_state_are_read_in_their_order(who, client):
    reader = who(client)
    with CaptureQueriesContext(connection) as caught:
        reader.get("/api/v1/disputes/?state=open")
    pages = [q["sql"] for q in caught if " LIMIT 51" in q["sql"]]
    assert len(pages) > 5
    for page in pages:
        assert SORTED.isdisjoint(steps_of(page)), page


def test_figures_of_a_metric_in_a_time_are_read_along_one_index(client):
    metric = Metric.objects.published().first()
    with CaptureQueriesContext(connection) as caught:
        client.get(f"/api/v1/observations/?metric={metric.slug}&from=2020")
    (page,) = (query["sql"] for query in caught if " UNION ALL " in query["sql"])
    steps = [step for step in steps_of(page) if " observation_metric_" in step]
    assert len(steps) > 10


@pytest.mark.parametrize("kind", [Official, Agency])
def test_appointments_of_a_page_are_found_by_what_they_name(kind, client):
    one = kind.objects.published().first()
    page = f"/{kind.collection}/"
    with CaptureQueriesContext(connection) as caught:
        for address in (page, f"{page}{one.slug}/", f"{page}{one.slug}/network/"):
            assert client.get(address).status_code == 200
    asked = [q["sql"] for q in caught if q["sql"].startswith(OF_APPOINTMENTS)]
    steps = [step for sql in asked for step in steps_of(sql)]
    along = {step for step in steps if " entities_appointment USING" in step}
    assert along
    assert not [step for step in along if not re.search("(_id|rowid)=[?]", step)]


def counted_of(caught, table):
    """The statement among these that counts several lists of a table."""
    (one,) = (q["sql"] for q in caught if table in q["sql"] and "COUNT(" in q["sql"])
    return one


def test_meetings_of_officials_are_counted_along_one_index(client):
    with CaptureQueriesContext(connection) as caught:
        client.get("/")
    counting = counted_of(caught, 'FROM "timeline_attend')
    along = "INDEX timeline_attendance_official (official_id=?)"
    assert sum(along in step for step in steps_of(counting)) == counting.count("COUNT(")


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Meeting, "requested_by"),
        (Agreement, "concluded_at"),
        (Agreement, "depositary"),
        (Observation, "reported_by"),
        (Observation, "deployment"),
    ],
)
def test_what_names_a_record_is_found_where_nearly_all_name_none(model, name):
    table, column = model._meta.db_table, model._meta.get_field(name).column
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sqlite_stat1 SET stat = '1000000 1000000' WHERE tbl = %s AND "
            "(SELECT group_concat(name) FROM pragma_index_info(idx)) = %s "
            "AND idx NOT LIKE '%%_named'",
            [table, column],
        )
        assert cursor.rowcount == 1
        cursor.execute("ANALYZE sqlite_schema")
    named = model.objects.published().filter(**{name: 1})
    plan = named.order_by("start_earliest", "pk")[:51].explain()
    assert f"INDEX {model.type_name()}_{name}_named ({column}=?)" in plan


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM entities_agency ORDER BY public_note LIMIT 5",
        "SELECT name FROM entities_agency",
        "SELECT name FROM entities_agency WHERE status = 'published' ORDER BY kind",
    ],
)
def test_a_whole_table_that_is_read_is_found(sql):
    plans = Plans()
    with connection.execute_wrapper(plans), connection.cursor() as cursor:
        cursor.execute(sql)
    (found,) = [step for step, _sql in plans.found]
    assert found.startswith(("SCAN entities_agency", "SEARCH entities_agency"))
