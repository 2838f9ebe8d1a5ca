"""The curated record of the five documents, as it lies in fixtures/."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from entities.models import Appointment
from provenance.models import ChangeSet
from provenance.registry.kinds import cited_types, models_in_order_of_loading
from provenance.tables import write_table
from provenance.tracking.time_travel import as_known_at
from provenance.tracking.tracked import Tracked
from provenance.values.translations import translations_of
from tests.folders import FIXTURES, files_of, load, read_in
from timeline.models import Code, Dimension, Meeting, Observation
from timeline.records import CITED, RECORDS, TABLES

pytestmark = pytest.mark.database


def rows_of_history():
    return sum(model.history.count() for model in RECORDS)


def test_the_fixtures_load_into_an_empty_database_and_dump_as_the_same_bytes(
    record, tmp_path
):
    call_command("dump", str(tmp_path / "out"), stderr=StringIO())
    assert files_of(tmp_path / "out") == files_of(FIXTURES)


def test_the_curated_record_lacks_no_translation(record):
    citation_models = {model.citation_model() for model in cited_types().values()}
    missing = [
        (model.__name__, str(row), name)
        for model in {*models_in_order_of_loading(), *citation_models}
        for name, translation in translations_of(model).items()
        for row in model.objects.exclude(**{name: ""}).filter(**{translation: ""})
    ]
    assert not missing


def test_a_second_load_changes_nothing_and_says_so(record):
    versions = {
        model: list(model.objects.order_by("slug").values_list("slug", "version"))
        for model in RECORDS
    }
    history = rows_of_history()
    out, err, failure = load(FIXTURES)
    assert failure is None
    assert out.startswith("Nothing has changed: all ")
    assert "citations.csv: 0 new, 0 changed," in err
    assert rows_of_history() == history
    assert versions == {
        model: list(model.objects.order_by("slug").values_list("slug", "version"))
        for model in RECORDS
    }


def test_the_history_of_every_table_says_what_is_in_it(record):
    tables = [model for model in apps.get_models() if issubclass(model, Tracked)]
    rows = {model: model._base_manager.order_by("pk").values_list() for model in tables}
    stored = {model: list(rows[model].all()) for model in tables}
    assert sum(map(len, stored.values())) > 1400
    with as_known_at(timezone.now()):
        assert {model: list(rows[model].all()) for model in tables} == stored


def test_every_write_of_a_load_leaves_history_with_its_reason(record):
    for model in set(RECORDS) - NOT_NEEDED:
        assert model.history.count() >= model.objects.count() > 0
        reasons = set(model.history.values_list("history_change_reason", flat=True))
        assert reasons == {"load of fixtures"}


# What the documents of the curated record give no reason for.
NOT_NEEDED = {Dimension, Code}


@pytest.mark.parametrize("name", TABLES)
def test_an_export_imports_back_without_change(record, name):
    resource = TABLES[name]()
    text = write_table(resource.get_export_headers(), resource.rows())
    last = ChangeSet.objects.first()
    outcome = read_in(name, text)
    assert not outcome.faults
    rows = len(resource.rows())
    assert {kind: n for kind, n in outcome.counts.items() if n} == (
        {"same": rows} if rows else {}
    )
    assert ChangeSet.objects.first() == last


def test_meetings_and_appointments_hold_their_dates_as_written(record):
    assert Meeting.objects.get(slug="guillot-trevilla-call-2025-02").start == "2025-02"
    assert {
        appointment.official.slug
        for appointment in Appointment.objects.as_of("2025-04-16").filter(
            post__agency__slug="sedena"
        )
    } == {"ricardo-trevilla"}


@pytest.mark.parametrize(
    ("table", "at_least"),
    [
        ("sources", 8),
        ("officials", 15),
        ("agencies", 22),
        ("posts", 18),
        ("appointments", 18),
        ("meetings", 8),
        ("agreements", 4),
        ("deployments", 6),
        ("milestones", 8),
        ("metrics", 11),
        ("observations", 12),
        ("statements", 70),
        ("themes", 12),
        ("citations", 130),
    ],
)
def test_the_documents_are_on_record(record, table, at_least):
    assert len(TABLES[table]().rows()) >= at_least


def test_every_record_is_published_and_every_one_but_a_source_is_cited(record):
    for model in set(RECORDS) - NOT_NEEDED:
        assert set(model.objects.values_list("status", flat=True)) == {"published"}
    for model in CITED:
        assert not model.objects.uncited().exists(), model


def test_the_curated_record_breaks_no_rule(record):
    out = StringIO()
    call_command("check_data", "--strict", stdout=out)
    assert out.getvalue() == "26 rules: 0 errors, 0 warnings.\n"


def test_where_documents_contradict_each_other_both_are_on_record(record):
    disputes = {
        (record.type_name(), record.slug, field)
        for model in CITED
        for record in model.objects.all()
        for field in record.disputed
    }
    assert disputes >= {
        ("deployment", "us-border-deployment-2025", "personnel"),
        ("observation", "us-troops-at-border-2025-01", "value"),
        ("deployment", "mexico-border-deployment-2025", "start"),
        ("appointment", "morales-secretary-of-the-navy", "post"),
        ("meeting", "guillot-sandoval-ojeda-call", "participations"),
        ("agreement", "joint-statement-of-understanding-2025", "participations"),
        ("agreement", "joint-statement-of-understanding-2025", "state"),
        ("milestone", "trump-executive-measures-2025", "summary"),
    }


def test_two_falls_over_different_windows_are_no_contradiction(record):
    falls = Observation.objects.filter(metric__slug="illegal-border-crossings-change")
    values = {fall.value: fall for fall in falls if fall.value}
    assert set(values) == {"-85", "-97"}
    one, other = values.values()
    assert one.comparability != other.comparability
    assert one.disputed == other.disputed == []
