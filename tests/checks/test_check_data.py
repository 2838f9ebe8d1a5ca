"""The rules of data integrity: what breaks each, what just does not, how it is told."""

import json
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Agency, Official
from provenance.checks import LikelyDuplicates
from provenance.checks.chains import walk
from provenance.models import Redirect, SourceReport
from provenance.models.renaming import rename
from provenance.review.duplicates import distinguish
from provenance.tracking.changes import ChangeSet
from provenance.values.dates import Spanned
from tests import make
from tests.damage import damage, remove
from tests.project.test_architecture import concrete
from timeline.models import Attendance, Event, OfficialPresence
from timeline.records import RULES, SPANS

pytestmark = pytest.mark.django_db

BY_NAME = {rule.name: rule for rule in RULES}


def found(rule):
    """What breaks the rule of this name, as the command tells it."""
    return [str(finding) for finding in BY_NAME[rule].findings()]


def places(rule):
    """The type, slug and field of what breaks the rule of this name."""
    return [(f.type, f.slug, f.field) for f in BY_NAME[rule].findings()]


def check(*args):
    """What the command prints, and its exit code."""
    out, code = StringIO(), 0
    try:
        call_command("check_data", *args, stdout=out)
    except SystemExit as exit_:
        code = exit_.code
    return out.getvalue(), code


# Citations ------------------------------------------------------------------


def test_a_published_record_without_a_citation_is_found():
    make.a_citation(make.an_agency(slug="cited"))
    make.an_agency(slug="draft", status="draft")
    make.an_agency(slug="bare")
    make.a_meeting(slug="call")
    assert found("uncited") == [
        "error agency bare: It is published, and no source is cited; cite one or "
        "withdraw it.",
        "error meeting call: It is published, and no source is cited; cite one or "
        "withdraw it.",
    ]


def test_values_without_a_citation_of_their_own_are_found_once_for_each_record():
    call = make.a_meeting(slug="call", start="2025", requested_by=make.an_official())
    make.a_participation(call, official=call.requested_by)
    make.a_participation(call)
    for field in ("title", "", "start"):
        make.a_citation(call, field=field)
    assert [line for line in found("uncited-value") if "call" in line] == [
        "warning meeting call: No source is cited for requested_by, participations; "
        "cite one for each."
    ]
    for field in ("requested_by", "participations"):
        make.a_citation(call, field=field)
    assert not [line for line in found("uncited-value") if "call" in line]


def test_a_statement_must_be_one_that_the_field_could_hold():
    source = make.a_source(slug="report")
    agency = make.an_agency(slug="navy", country=make.a_country(slug="mexico"))
    statement = make.a_citation(agency, source, field="country", stated="mexico")
    date = make.a_citation(agency, source, field="founded", stated="2009-03")
    word = make.a_citation(agency, source, field="kind", stated="ministry")
    make.a_citation(agency, source)
    assert found("statements") == []
    damage(statement, stated="atlantis")
    damage(date, stated="March 2009")
    damage(word, field="colour", stated="")
    assert found("statements") == [
        "error agency navy colour: “report”: this is no citable field here; choose one "
        "of name, kind, country, parent, areas, founded, dissolved, names.",
        "error agency navy country: “report” states “atlantis”: there is no place "
        "“atlantis”; write the slug of one.",
        "error agency navy founded: “report” states “March 2009”: “March 2009” is not "
        "a date; write 2024, 2024-04 or 2024-04-03, with ? or ~ behind it if unsure, "
        "or [2024-04-01..2024-04-10] for one day in a range.",
    ]


def test_a_statement_in_a_list_must_name_records_that_are_there():
    make.an_official(slug="general")
    call, navy = make.a_meeting(slug="call"), make.an_agency(slug="semar")
    party = make.a_citation(
        call, make.a_source(slug="report"), field="participations", stated="general"
    )
    damage(party, stated="general|semar")
    assert found("statements") == []
    rename(navy, "marina")
    damage(party, stated="general|semar")
    assert found("statements") == [
        "error meeting call participations: “report” states “general|semar”: agency "
        "“semar” is “marina” now; write that."
    ]


# Dates ----------------------------------------------------------------------


def test_every_span_of_dates_is_looked_at():
    dated = {model for model in concrete(Spanned) if model is not Event}
    assert {model for model, _start, _end in SPANS} == dated


@pytest.mark.parametrize(
    "span", SPANS, ids=lambda span: f"{span[0].__name__}.{span[1]}"
)
def test_what_ended_before_it_started_is_found_in_every_table(span):
    model, start, end = span
    row = make.EACH_KIND[model]()
    damage(row, **{f"{start}_earliest": "2010-01-02", f"{end}_latest": "2010-01-02"})
    assert found("end-before-start") == []
    damage(row, **{f"{end}_latest": "2010-01-01"})
    record = getattr(row, row.owner) if row.owner else row
    field = f"names.{end}" if row.owner else end
    assert places("end-before-start") == [(record.type_name(), record.slug, field)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2006", "2006-08-09"),
        ("1980-06-28", "1980-06"),
        ("2025", "2025-02"),
        ("[2024..]", "2026"),
        ("201X", "2010-03"),
    ],
)
def test_what_need_not_have_ended_before_it_started_is_no_finding(start, end):
    make.an_agency(slug="a", founded=start, dissolved=end)
    assert found("end-before-start") == []
    assert found("stale-bounds") == []


# Offices --------------------------------------------------------------------


def test_a_post_with_more_holders_than_seats_is_found():
    post = make.a_post(slug="p", seats=1)
    make.an_appointment(slug="a", post=post, start="2018", end="2020-06-30")
    later = make.an_appointment(slug="b", post=post, start="2020-06-30", end="..")
    assert found("double-holders") == found("possible-double-holders") == []
    later.start = "2020-06"
    later.save()
    assert found("double-holders") == []
    assert found("possible-double-holders") == [
        "warning post p seats: “a”, “b” may have held it at the same "
        "time, from 2020-06-01 to 2020-06-30, and its number of seats "
        "is 1; enter a more exact start or end, if a source has one."
    ]
    later.start = "2020-06-29"
    later.save()
    assert found("double-holders") == [
        "error post p seats: “a”, “b” held it at the same time, from "
        "2020-06-29 to 2020-06-30, and its number of seats is 1; "
        "correct a start, an end, a kind or the seats."
    ]
    assert found("possible-double-holders") == []


def test_days_on_which_nobody_held_a_post_of_one_seat_are_found():
    post = make.a_post(slug="p", seats=1)
    make.an_appointment(slug="a", post=post, start="2018", end="2020-06-28")
    make.an_appointment(slug="b", post=post, start="2020-06-30", end="..")
    assert found("gaps") == [
        "warning post p: No holder is recorded on 2020-06-29, between "
        "“a” and “b”; add the missing appointment."
    ]
    post.seats = None
    post.save()
    assert found("gaps") == []


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("2010", "2020", ""),
        ("2009-12-31", "2015", "start"),
        ("2009", "", "start"),
        ("", "2009", "end"),
        ("2015", "2021-01-01", "end"),
        ("2015", "..", "end"),
        ("2021", "", "start"),
        ("2009~", "2015", ""),
        ("2015", "2021?", ""),
        ("", "", ""),
    ],
)
def test_an_appointment_certainly_outside_of_its_post_is_found(start, end, field):
    post = make.a_post(start="2010", end="2020")
    make.an_appointment(slug="a", post=post, start=start, end=end)
    assert places("outside-post") == ([("appointment", "a", field)] if field else [])


def test_posts_and_names_certainly_outside_of_their_agency_are_found():
    navy = make.an_agency(slug="navy", founded="1940", dissolved="..")
    make.a_post(slug="now", agency=navy, start="1940", end="..")
    make.an_agency_name(navy, text="SEMAR", start="1940")
    assert found("outside-agency") == []
    make.a_post(slug="before", agency=navy, start="1939", end="1950")
    make.an_agency_name(navy, text="War", start="1937", end="1945")
    assert found("outside-agency") == [
        "error agency navy names.start: It lasted from “1937” to “1945”, and the "
        "agency “navy” from “1940” to “..”; correct the dates of the one or of the "
        "other.",
        "error post before start: It lasted from “1939” to “1950”, and the agency "
        "“navy” from “1940” to “..”; correct the dates of the one or of the other.",
    ]


def test_who_took_part_in_an_office_not_held_then_is_found():
    general = make.an_official()
    office = make.an_appointment(general, slug="general", start="2018", end="2020")
    for slug, start in (("in", "2020"), ("vague", "2021~"), ("out", "2021-01-01")):
        call = make.a_meeting(slug=slug, start=start)
        make.a_participation(call, official=general, appointment=office)
    assert found("outside-appointment") == [
        "error meeting out participations: The participant took part as “general”, "
        "which lasted from “2018” to “2020”, and it happened from “2021-01-01” to an "
        "unknown day; name another office, or correct a date."
    ]
    office.status = "withdrawn"
    office.save()
    assert found("outside-appointment") == []


# Sources and slugs ----------------------------------------------------------


def a_report(source, reported):
    return SourceReport.objects.create(source=source, reported=reported)


def test_a_published_source_that_repeats_an_unpublished_one_is_found():
    article, release = make.a_source(slug="article"), make.a_source(slug="release")
    a_report(article, release)
    assert found("dead-reports") == []
    release.status = "withdrawn"
    release.save()
    assert found("dead-reports") == [
        "warning source article reports: It repeats “release”, which "
        "is withdrawn; publish that one, or check the impact if it is "
        "retracted."
    ]
    article.status = "draft"
    article.save()
    assert found("dead-reports") == []


def test_sources_that_repeat_each_other_in_a_circle_are_found():
    a, b, c = (make.a_source(slug=slug) for slug in "abc")
    for one, other in ((a, b), (b, c), (a, c)):
        a_report(one, other)
    assert found("circles") == []
    a_report(c, a)
    assert found("circles") == [
        "error source a reports: This is a circular reference: a → b → "
        "c → a; remove one step."
    ]


def test_what_stands_above_itself_is_found():
    above = make.an_agency(slug="above")
    below = make.an_agency(slug="below", parent=above)
    theme = make.a_theme(slug="theme")
    assert found("circles") == []
    damage(above, parent=below.pk)
    damage(theme, broader=theme.pk)
    assert places("circles") == [
        ("agency", "above", "parent"),
        ("theme", "theme", "broader"),
    ]


def test_a_source_more_than_five_steps_from_what_it_repeats_is_found():
    sources = [make.a_source(slug=slug) for slug in "abcdefg"]
    for one, other in pairwise(sources[1:]):
        a_report(one, other)
    assert found("deep-reports") == []
    a_report(sources[0], sources[1])
    assert found("deep-reports") == [
        "warning source a reports: It is 6 steps from the last source that it repeats; "
        "name the sources that it takes from itself."
    ]


def test_a_long_chain_is_walked_to_its_end():
    depths, circles = walk({number: [number + 1] for number in range(20_000)})
    assert (depths[0], circles) == (20_000, [])


def test_a_former_slug_that_leads_nowhere_or_to_two_is_found():
    rename(make.an_agency(slug="sedena"), "defensa")
    assert found("redirects") == []
    make.an_agency(slug="sedena")
    Redirect.objects.create(type="agency", slug="war", target="ministry")
    Redirect.objects.create(type="ship", slug="a", target="b")
    assert [line.partition(": ")[::2] for line in found("redirects")] == [
        (
            "error agency sedena slug",
            "A record has this slug now; rename that record, or delete this redirect.",
        ),
        (
            "error agency war target",
            "It redirects to “ministry”, which is no record; correct it.",
        ),
        (
            "error ship a type",
            "There is no such kind of record; write one of source, place, agency, "
            "official, post, appointment, theme, dimension, code, meeting, agreement, "
            "deployment, milestone, metric, observation, statement.",
        ),
    ]


def test_a_former_slug_of_a_meeting_that_a_milestone_bears_is_found():
    rename(make.a_meeting(slug="call"), "long-call")
    make.a_milestone(slug="call")
    assert places("redirects") == [("meeting", "call", "slug")]


# Derived columns and history ------------------------------------------------


def test_what_is_written_by_way_of_the_models_breaks_neither_rule():
    for model, maker in make.EACH_KIND.items():
        row = maker()
        row.save()
        maker() if model in make.RECORDS else row.delete()
    assert found("history") == found("stale-bounds") == []


def test_columns_that_do_not_follow_from_their_text_are_found():
    agency = make.an_agency(slug="navy", name="Marina", founded="1940")
    name = make.an_agency_name(agency, text="SEMAR")
    troops = make.a_deployment(slug="troops", personnel="~10000")
    damage(agency, founded_earliest="1939-01-01", search_text="")
    damage(name, search_text="marina")
    damage(troops, personnel_low="10000", start="2019")
    assert found("stale-bounds") == [
        "error agency navy founded_earliest: The column holds “1939-01-01”, and "
        "“1940-01-01” follows from what it is derived from; save the record again.",
        "error agency navy names.search_text: The column holds “marina”, and “semar” "
        "follows from what it is derived from; save the record again.",
        "error agency navy search_text: The column holds “”, and “marina” follows from "
        "what it is derived from; save the record again.",
        *(
            line
            for line in found("stale-bounds")
            if line.startswith("error deployment troops personnel_low: ")
        ),
        "error deployment troops start_earliest: The column holds “0001-01-01”, and "
        "“2019-01-01” follows from what it is derived from; save the record again.",
        "error deployment troops start_latest: The column holds “9999-12-31”, and "
        "“2019-12-31” follows from what it is derived from; save the record again.",
    ]


def test_an_event_that_is_a_point_ends_when_it_starts():
    call = make.a_meeting(slug="call", start="2019")
    assert found("stale-bounds") == []
    damage(call, end_latest="9999-12-31")
    assert places("stale-bounds") == [("meeting", "call", "end_latest")]


def test_a_text_that_is_no_value_is_found_and_stops_no_rule():
    agency = make.an_agency(slug="navy", founded="1940")
    damage(agency, founded="spring")
    for model, *names in SPANS:
        damage(make.EACH_KIND[model](), **dict.fromkeys(names, "spring"))
    for rule in RULES:
        rule.findings()
    assert found("stale-bounds")[0].startswith("error agency ")
    assert ("agency", "navy", "founded") in places("stale-bounds")
    assert ("agency", "navy", "founded") in places("history")


def test_a_row_that_is_not_as_its_history_says_is_found():
    call = make.a_meeting(slug="call", title="Call")
    party = make.a_participation(call, role="host")
    call.refresh_from_db()
    damage(call, title="Visit", version=7)
    damage(party, role="observer")
    assert found("history") == [
        f"error meeting call participations.role: Row {party.pk} holds “observer”, and "
        "the latest row of its history “host”; take that back, or save the row again.",
        f"error meeting call title: Row {call.pk} holds “Visit”, and the latest row of "
        "its history “Call”; take that back, or save the row again.",
        f"error meeting call version: Row {call.pk} holds “7”, and the latest row of "
        f"its history “{call.version}”; take that back, or save the row again.",
    ]


def test_a_row_without_history_and_history_without_a_row_are_found():
    loaded = Agency(slug="loaded", name="Navy", kind="ministry", version=1)
    loaded.save_base(raw=True)  # as loaddata writes it
    lost = make.an_agency(slug="lost")
    remove(lost)
    assert found("history") == [
        f"error agency loaded: Row {loaded.pk} has no history, or one that says it was "
        "deleted; save it again so that it has.",
        f"error agency lost: Row {lost.pk} is gone, and its history does not know of "
        "it; take the last row of history back, or delete it again by way of the "
        "record.",
    ]


def test_an_event_whose_lists_say_that_others_attended_is_found_and_mended():
    call = make.a_meeting(slug="call")
    make.a_participation(call)
    make.a_participation(make.a_meeting(slug="right"))
    Attendance.objects.filter(event=call).delete()
    assert found("stale-attendance") == [
        "error meeting call participations: Lists of events by official and agency are "
        "out of step with its participations; save it again."
    ]
    call.save()
    assert found("stale-attendance") == []


def test_a_number_of_events_that_is_out_of_step_is_found_and_mended():
    ana = make.an_official(slug="ana")
    make.a_participation(make.a_meeting(), official=ana)
    assert found("stale-presence") == []
    OfficialPresence.objects.update(events=7)
    assert found("stale-presence") == [
        "error official ana: The number of its events is out of step; save it again."
    ]
    ana.save()
    assert found("stale-presence") == []


def test_records_that_may_be_the_same_are_found_until_they_are_told_apart():
    one = make.an_official("José Díaz Ruiz", slug="jose-diaz")
    other = make.an_official("Jose Diaz Ruiz", slug="jose-diaz-2")
    (finding,) = LikelyDuplicates(Official).findings()
    assert (finding.level, finding.type, finding.slug) == (
        "warning",
        "official",
        "jose-diaz",
    )
    assert "“jose-diaz-2”" in finding.message
    distinguish(one, other, "Father and son.")
    assert not LikelyDuplicates(Official).findings()


# All rules ------------------------------------------------------------------


def test_no_rule_asks_more_of_the_database_when_there_is_more_in_it():
    def asked():
        counts = {}
        for rule in RULES:
            with CaptureQueriesContext(
                connection,
            ) as queries:
                rule.findings()
            counts[rule.name] = len(queries)
        # Of each pair that is called alike it is asked what tells the two apart.
        del counts["duplicates"]
        return counts

    for _ in range(2):
        for maker in make.RECORDS.values():
            maker()
        make.a_participation()
        make.an_agency_name()
        make.a_citation(make.a_meeting(), field="start", stated="2019")
        make.a_citation(make.a_meeting(), field="place", stated=make.a_place().slug)
    few = asked()
    for maker in make.RECORDS.values():
        for _ in range(3):
            maker()
    make.a_citation(make.a_meeting(), field="place", stated=make.a_place().slug)
    assert asked() == few


def test_a_check_writes_nothing():
    make.an_agency()
    changes = ChangeSet.objects.count()
    check()
    assert ChangeSet.objects.count() == changes


# The command ----------------------------------------------------------------


@pytest.fixture
def a_warning():
    source = make.a_source(slug="article")
    a_report(source, make.a_source(slug="release", status="draft"))


WARNING = (
    "It repeats “release”, which is draft; publish that one, or "
    "check the impact if it is retracted."
)


def test_an_error_fails_and_a_warning_only_if_strict(a_warning):
    assert check()[1] == 0
    assert check("--strict")[1] == 1
    make.an_agency()
    assert check()[1] == 1
    assert check("--rule", "dead-reports")[1] == 0


def test_what_is_found_is_told_by_rule_and_counted(a_warning):
    make.an_agency(slug="navy")
    assert check("--rule", "uncited", "--rule", "dead-reports", "--rule", "gaps") == (
        "uncited: published records without a citation\n"
        "  error agency navy: It is published, and no source is cited; cite one or "
        "withdraw it.\n"
        "dead-reports: published sources that repeat one that is not published\n"
        f"  warning source article reports: {WARNING}\n"
        "3 rules: 1 error, 1 warning.\n",
        1,
    )


def test_a_program_gets_one_document(a_warning):
    text, code = check("--json", "--rule", "dead-reports", "--rule", "gaps")
    assert code == 0
    assert json.loads(text) == {
        "findings": [
            {
                "rule": "dead-reports",
                "level": "warning",
                "type": "source",
                "slug": "article",
                "field": "reports",
                "message": WARNING,
            }
        ],
        "counts": {
            "levels": {"error": 0, "warning": 1},
            "rules": {"gaps": 0, "dead-reports": 1},
        },
    }


def test_uncited_values_are_looked_for_only_if_named():
    make.a_citation(make.an_agency(slug="navy"))
    assert "uncited-value" not in check("--strict", "--json")[0]
    assert check("--rule", "uncited-value") == (
        "uncited-value: published records with missing citations\n"
        "  warning agency navy: No source is cited for name, kind; cite one for each."
        "\n1 rule: 0 errors, 1 warning.\n",
        0,
    )


def test_every_rule_is_listed_with_its_meaning():
    text, code = check("--list")
    assert code == 0
    assert [line.partition(" ")[0] for line in text.splitlines()] == list(BY_NAME)
    assert len(BY_NAME) == len(RULES)
    assert (
        "uncited-value (warning, only if named): published records with missing "
        "citations\n"
    ) in text


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("uncited-values", "no rule “uncited-values”; did you mean uncited-value"),
        ("", "no rule “”; --list names them all."),
    ],
)
def test_a_rule_that_is_none_is_refused(name, message):
    with pytest.raises(CommandError, match=message) as refused:
        check("--rule", name)
    assert refused.value.returncode == 2


def test_a_list_is_no_document():
    with pytest.raises(CommandError, match="not allowed with argument"):
        check("--json", "--list")


def test_an_observation_that_contradicts_the_deployment_it_repeats_is_found():
    troops = make.a_deployment(slug="troops", personnel="15000", start="2025-01-20")
    for slug, value, start in (
        ("same", "15000", "2025-01-20"),
        ("vague", "~15000", "2025-01"),
        ("other", "10000", "2025-01-20"),
    ):
        make.an_observation(value=value, slug=slug, start=start, deployment=troops)
    assert found("told-otherwise") == [
        "warning observation other value: It repeats “troops”, which says “15000”; "
        "correct one of the two, or name no record that it repeats."
    ]
