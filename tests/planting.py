"""What tests of leaks plant: a public record, and what is hidden behind it."""

import re
from contextlib import contextmanager
from itertools import cycle

from django.db import transaction

from provenance.models import Source
from provenance.tracking.changes import changing
from tests import make
from tests.depth import cases
from timeline.models import (
    EventTheme,
    MetricTheme,
    StatementAgency,
    StatementCapacity,
    StatementEvent,
    StatementOfficial,
    StatementTheme,
)

HIDDEN = ["draft", "in-review", "withdrawn"]
CANARY = "xyzzy"
FORMATS = cases(("csv",), ("csv", "ndjson"))  # of which each has the same rows


def said_of(statement, appointment, theme, official, agency, event):
    """Has a statement name these in each of its lists."""
    for kind, named in [
        (StatementCapacity, appointment),
        (StatementTheme, theme),
        (StatementOfficial, official),
        (StatementAgency, agency),
        (StatementEvent, event),
    ]:
        kind.objects.create(statement=statement, **{kind.named: named})


@contextmanager
def taken_back():
    """What is done in here is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@changing("other")  # as one change, which is faster
def public_record():
    """A published record of each kind, each led to by the others."""
    source = make.a_source("Article", slug="article")
    report = make.a_source("Report", slug="report")
    mexico = make.a_country(slug="mexico")
    theme = make.a_theme(slug="theme")
    agency = make.an_agency(slug="agency", country=mexico)
    make.an_area(agency, mexico)
    official = make.an_official("Ana", slug="ana")
    post = make.a_post(slug="post", agency=agency)
    appointment = make.an_appointment(official, post, slug="appointment")
    meeting = make.a_meeting(slug="meeting", place=mexico, requested_by=official)
    agreement = make.an_agreement(slug="agreement", concluded_at=meeting)
    make.a_provision(agreement)
    EventTheme.objects.create(event=meeting, theme=theme)
    make.a_participation(meeting, official=official, appointment=appointment)
    make.a_participation(meeting, "host", official=official)
    make.a_link(meeting, "resulted-in", agreement)
    metric = make.a_metric(slug="metric")
    MetricTheme.objects.create(metric=metric, theme=theme)
    observation = make.an_observation(
        metric, slug="observation", place=mexico, reported_by=agency
    )
    records = [mexico, theme, agency, official, post, appointment, meeting]
    code = make.a_code(make.a_dimension(slug="dimension"), slug="code")
    make.a_code_of(observation, code)
    records += [agreement, code.dimension, code, metric, observation]
    statement = make.a_statement(
        slug="statement", official=official, event=meeting, publication=source
    )
    said_of(statement, appointment, theme, official, agency, agreement)
    records.append(statement)
    records += [
        make.a_deployment(slug="deployment"),
        make.a_milestone(slug="milestone"),
    ]
    for record in records:
        make.a_citation(record, source, locator="para. 1")
        make.a_citation(record, report, locator="para. 1")
    return {record.slug: record for record in [source, report, *records]}


@changing("other")
def secrets(public, word=CANARY):
    """What is not public, tied to what is in every way that there is."""
    statuses = cycle(HIDDEN)

    def hidden(maker, *args, **values):
        return maker(*args, status=next(statuses), private_note=word, **values)

    name = f"{word} Marina"
    source = hidden(make.a_source, name, slug=f"{word}-source")
    place = hidden(make.a_country, name, slug=f"{word}-place")
    theme = hidden(make.a_theme, name, slug=f"{word}-theme", broader=public["theme"])
    below = hidden(make.a_place, name, slug=f"{word}-below", parent=public["mexico"])
    agency = hidden(make.an_agency, name, slug=f"{word}-agency", country=place)
    make.an_agency_name(agency, name)
    make.an_area(agency, public["mexico"])
    make.an_area(public["agency"], place)
    official = hidden(make.an_official, name, slug=f"{word}-official")
    make.an_official_name(official, name)
    post = hidden(make.a_post, name, slug=f"{word}-post", agency=public["agency"])
    office = make.a_post(name, slug=f"{word}-office", agency=agency)
    offices = [
        hidden(make.an_appointment, official, public["post"], slug=f"{word}-1"),
        hidden(make.an_appointment, public["ana"], post, slug=f"{word}-2"),
        # Published, and yet not public: its official is not, its post is not.
        make.an_appointment(official, public["post"], kind="acting", slug=f"{word}-3"),
        make.an_appointment(public["ana"], post, kind="acting", slug=f"{word}-4"),
        make.an_appointment(public["ana"], office, slug=f"{word}-5"),
    ]
    meeting = hidden(make.a_meeting, name, slug=f"{word}-meeting", summary=name)
    metric = hidden(make.a_metric, name, slug=f"{word}-metric")
    values = [
        hidden(make.an_observation, public["metric"], slug=f"{word}-value"),
        make.an_observation(metric, slug=f"{word}-other-value"),
    ]
    records = [source, place, theme, below, agency, official, post, *offices, meeting]
    dimension = hidden(make.a_dimension, name, slug=f"{word}-dimension")
    codes = [
        hidden(make.a_code, public["dimension"], f"{word}1", name, slug=f"{word}-code"),
        make.a_code(dimension, f"{word}2", name, slug=f"{word}-other-code"),
    ]
    make.a_code_of(values[0], public["code"])
    make.a_code_of(public["observation"], codes[1])
    said = hidden(
        make.a_statement,
        name,
        slug=f"{word}-statement",
        official=public["ana"],
        event=public["meeting"],
        publication=public["article"],
    )
    said_of(
        said,
        *(public[of] for of in ("appointment", "theme", "ana", "agency", "agreement")),
    )
    said_of(public["statement"], offices[1], theme, official, agency, meeting)
    records += [metric, *values, dimension, *codes, said]
    records += [
        hidden(maker, name, slug=f"{word}-{maker.__name__.replace('_', '-')}")
        for maker in (make.an_agreement, make.a_deployment, make.a_milestone)
    ]
    for record in records:
        if not isinstance(record, Source):
            make.a_citation(record, public["article"], stated="", locator=word)
    # On the side of the published.
    held = public["meeting"]
    for record in public.values():
        if not isinstance(record, Source):
            make.a_citation(record, source, quotation=word, locator=word)
    for slug, name, stated in [
        ("agency", "country", place.slug),
        ("agency", "areas", f"mexico|{place.slug}"),
        ("post", "agency", agency.slug),
        ("theme", "broader", theme.slug),
        ("appointment", "post", office.slug),
        ("meeting", "place", place.slug),
        ("meeting", "requested_by", official.slug),
        ("meeting", "participations", f"ana | {official.slug}"),
        ("agreement", "participations", f"{agency.slug}|agency"),
        ("agreement", "concluded_at", meeting.slug),
        ("milestone", "themes", f"theme|\u00a0{theme.slug}"),
        ("observation", "metric", metric.slug),
        ("code", "dimension", dimension.slug),
        ("statement", "official", official.slug),
        ("statement", "event", meeting.slug),
        ("statement", "about_agencies", f"agency|{agency.slug}"),
        ("code", "broader", codes[0].slug),
    ]:
        make.a_citation(public[slug], public["article"], field=name, stated=stated)
    make.a_participation(held, official=official)
    make.a_participation(held, agency=agency)
    host = held.participations.get(role="host")
    make.a_capacity(host, offices[1])
    make.a_link(held, "follows", meeting)
    make.a_link(meeting, "follows", held)
    EventTheme.objects.create(event=held, theme=theme)
    MetricTheme.objects.create(metric=public["metric"], theme=theme)
    MetricTheme.objects.create(metric=metric, theme=public["theme"])
    source.reports.add(public["article"])
    for slug in ("article", "report"):
        public[slug].reports.add(source)
    return records


ADDRESS = re.compile(r'http://testserver(/api/[^"]*)')


def everything_that_can_be_read(api):
    """Every answer that a stranger gets by following links, filtering and searching."""
    answers, waiting = {}, ["/api/v1/", "/api/v1/schema/"]
    waiting += ["/api/v1/search/?q=marina", "/api/v1/search/?q=ana"]
    events = ("meetings", "timeline")
    waiting += [f"/api/v1/{name}/?agency=agency" for name in (*events, "posts")]
    waiting += [f"/api/v1/{name}/?place=mexico" for name in (*events, "observations")]
    waiting += [f"/api/v1/{name}/?theme=theme" for name in (*events, "statements")]
    of_ana = (*events, "appointments", "statements")
    waiting += [f"/api/v1/{name}/?official=ana" for name in of_ana]
    waiting += [
        f"/api/v1/statements/?{asked}"
        for asked in ("agency=agency", "about_event=agreement", "capacity=appointment")
    ]
    waiting += ["/api/v1/agencies/?q=marina", "/api/v1/places/?parent=mexico"]
    waiting += ["/api/v1/agencies/?area=mexico", "/api/v1/places/?area_of=agency"]
    waiting += ["/api/v1/appointments/?as_of=2020", "/api/v1/sources/?reports=article"]
    waiting += ["/api/v1/timeline/?q=marina", "/api/v1/citations/?source=article"]
    support = cases(("support/?limit=5",), ("support", "support/?limit=2"))
    waiting += [f"/api/v1/sources/article/{query}" for query in support]
    waiting += ["/api/v1/sources/article/comparison/?with=report"]
    waiting += [f"/api/v1/{name}/?fields=support" for name in (*events, "posts")]
    waiting += ["/api/v1/compare/?from=2009&to=2025"]
    waiting += ["/api/v1/places/?parent=mexic", "/api/v1/posts/?agency=xyzz"]
    while waiting:
        address = waiting.pop()
        if address in answers or address.startswith("/api/v1/docs"):
            continue
        answer = api.get(address)
        body = answer.getvalue()  # of what is sent while it is made as well
        answers[address] = (answer.status_code, body)
        answers[address, "headers"] = dict(answer.headers)
        waiting += ADDRESS.findall(body.decode(errors="replace"))
        if b'"results":' in body and not re.search(r"[?&](cursor|limit)=", address):
            mark = "&" if "?" in address else "?"
            waiting += [f"{address}{mark}format={form}" for form in FORMATS]
        if address.startswith("/api/v1/") and "?" not in address:
            answers[address, "options"] = dict(api.options(address).headers)
    return answers
