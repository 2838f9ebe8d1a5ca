"""Many rows written at once leave exactly what saving each of them leaves."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.models import Agency, AgencyName, Official, Place
from provenance.models import ChangeSet
from provenance.resources.importing import import_tables
from provenance.tables import open_sheet
from provenance.tracking.bulk import insert_many, update_many
from provenance.tracking.changes import changing, open_change
from provenance.tracking.dependent_columns import Follower, StaleRecord
from tests import make
from tests.depth import examples, thinned
from timeline.models import Agreement, Deployment, Event, Meeting, Observation

pytestmark = pytest.mark.django_db

EACH_KIND = [
    pytest.param(model, id=model.__name__) for model in thinned(make.EACH_KIND)
]
MOMENTS = {"created_at", "updated_at", "opened_at"}


def columns(model):
    return [field.attname for field in model._meta.concrete_fields]


def stored(model):
    """What the table holds, by key."""
    return {row[model._meta.pk.attname]: row for row in _rows(model._base_manager)}


def _rows(manager):
    return manager.order_by("pk").values(*columns(manager.model))


def history(model):
    """What history holds, without its own keys and moments, in its order."""
    rows = model.history.order_by("history_id").values()
    return [
        {name: value for name, value in row.items() if name not in HISTORYS_OWN}
        for row in rows
    ]


HISTORYS_OWN = {"history_id", "history_date", "change_set_id"} | MOMENTS


def without(row, *names):
    return {key: value for key, value in row.items() if key not in {*names, *MOMENTS}}


def written_row(model, record):
    """What a table for import would have of a record: no key, nothing derived."""
    return {
        field.attname: getattr(record, field.attname)
        for field in model._meta.concrete_fields
        if (field.editable or field.is_relation)
        and not isinstance(field, Follower)
        and not field.primary_key
        and field.name != "event_ptr"
    }


@pytest.mark.parametrize("model", EACH_KIND)
def test_rows_made_at_once_are_what_saving_them_leaves(model):
    record = make.EACH_KIND[model]()
    saved, first, owner = stored(model)[record.pk], history(model)[-1], model.owner
    given = written_row(model, record)
    record.delete()
    with changing("other", reason="a table"):
        (key,) = insert_many(model, [given], open_change())
        touched = open_change().noted()
    assert key > record.pk if record.pk else key
    ids = {"id", model._meta.pk.attname}
    assert without(stored(model)[key], *ids) == without(saved, *ids)
    last = history(model)[-1]
    assert without(last, *ids, "history_change_reason") == without(
        first, *ids, "history_change_reason"
    )
    assert last["history_change_reason"] == "a table"
    assert {name: last[name] for name in columns(model) if name not in MOMENTS} == (
        without(stored(model)[key])
    )
    assert touched[0][model] == {key}
    if owner:
        link = model._meta.get_field(owner)
        assert touched[1] == {link.related_model: {saved[link.attname]}}


@pytest.mark.parametrize("model", EACH_KIND)
def test_rows_changed_at_once_are_what_saving_them_leaves(model):
    one = make.EACH_KIND[model]()
    name = next(
        field.name
        for field in model._meta.concrete_fields
        if field.editable and not field.primary_key and field.name != "event_ptr"
    )
    one = model._base_manager.get(pk=one.pk)
    with changing("other"):
        update_many(model, [stored(model)[one.pk]], [name], open_change())
    at_once, trace_of_it = stored(model)[one.pk], history(model)[-1]
    again = model._base_manager.get(pk=one.pk)
    again.save(update_fields=[name])
    one_by_one, its_trace = stored(model)[one.pk], history(model)[-1]
    counted = {"version": at_once.get("version", 0) + 1}
    counted = counted if "version" in at_once else {}
    assert without(one_by_one) == without(at_once) | counted
    assert without(its_trace) == without(trace_of_it) | counted
    assert trace_of_it["history_type"] == "~"


dates = st.sampled_from(["", "2009", "2025-02", "2025-02~", "[2025-02-01..2025-02-10]"])
deployments = st.lists(
    st.fixed_dictionaries(
        {
            "title": st.sampled_from(
                ["José Núñez", "Straße", "x", "Ø. Þór", "e\u0301"]
            ),
            "summary": st.text("ab\n é", max_size=5),
            "start": dates,
            "end": dates.filter(lambda text: "09" not in text),
            "personnel": st.sampled_from(["", "~10000", ">5", "1..2.5"]),
            "status": st.sampled_from(["draft", "in-review"]),
        }
    ),
    min_size=1,
    max_size=5,
)


@pytest.mark.parametrize("model", [Deployment, Meeting])
@settings(max_examples=examples(30))
@given(deployments, deployments)
def test_any_rows_at_once_are_what_saving_them_leaves(model, rows, later):
    def all_that_is_left(by_saving):
        left = []
        with transaction.atomic():
            first = [
                fitting(model, row) | {"slug": f"r-{place}"}
                for place, row in enumerate(rows)
            ]
            if by_saving:
                with changing("other"):
                    keys = [model.objects.create(**row).pk for row in first]
            else:
                with changing("other") as change:
                    keys = insert_many(model, first, change)
            left += [list(map(without, stored(model).values()))]
            with changing("other") as change:
                changed = []
                for key, row in zip(keys, later, strict=False):
                    record = model.objects.get(pk=key)
                    for name, value in fitting(model, row).items():
                        setattr(record, name, value)
                    changed.append(record)
                names = list(fitting(model, later[0]))
                if by_saving:
                    for record in changed:
                        record.save(update_fields=names)
                else:
                    update_many(model, changed, names, change)
                assert [record.version for record in changed] == [2] * len(changed)
            left += [list(map(without, stored(model).values())), history(model)]
            transaction.set_rollback(True)
        own = {"id", "event_ptr_id"}
        return [[without(row, *own) for row in part] for part in left]

    assert all_that_is_left(by_saving=True) == all_that_is_left(by_saving=False)


def fitting(model, row):
    if model is Deployment:
        return row | {"kind": "exercise"}
    return {name: value for name, value in row.items() if name != "personnel"}


def test_a_citation_made_at_once_knows_what_it_was_checked_against():
    agreement = make.an_agreement(start="2025-02", title="Statement")
    meeting = make.a_meeting(requested_by=make.an_official(slug="ana"))
    make.a_provision(agreement, text="They meet.")
    make.a_participation(meeting, official=make.an_official(slug="eva"))
    citations, source = Event.citation_model(), make.a_source()
    said = {
        (agreement, "start"): "2025-02",
        (agreement, "provisions"): "They meet.",
        (meeting, "requested_by"): "ana",
        (meeting, "participations"): "eva",
        (meeting, ""): "",
    }
    rows = [
        {"record_id": record.pk, "source_id": source.pk, "field": name}
        for record, name in said
    ]
    with changing("other") as change:
        keys = insert_many(citations, rows, change)
    made = citations.objects.in_bulk(keys)
    assert [made[key].checked_against for key in keys] == list(said.values())
    agreement = Agreement.objects.get()
    agreement.start = "2025-03"
    agreement.save()
    looked_at = {"id": keys[0], "version": 1, "note": "It stands there too."}
    with changing("other") as change:
        update_many(citations, [looked_at], ["note"], change)
    assert citations.objects.get(pk=keys[0]).checked_against == "2025-03"
    with changing("other") as change:
        (key,) = insert_many(
            citations,
            [rows[0] | {"locator": "p. 2", "checked_against": "2009"}],
            change,
        )
    assert citations.objects.get(pk=key).checked_against == "2009"


def test_a_key_is_never_given_twice():
    officials = [make.an_official() for _ in range(3)]
    last = officials[-1].pk
    officials[-1].delete()
    with changing("other") as change:
        keys = insert_many(Official, [{"slug": "a", "name": "A"}], change)
    assert keys == [last + 1]
    assert make.an_official().pk == last + 2
    with changing("other") as change:
        meetings = insert_many(Meeting, [{"slug": "a", "title": "A"}], change)
    assert make.a_milestone().pk == meetings[0] + 1


def test_a_row_that_was_written_since_it_was_read_is_not_written_over():
    one, other = make.an_agency(name="SEMAR"), make.an_agency(name="SEDENA")
    rows = [
        {"id": agency.pk, "version": agency.version, "name": "Navy"}
        for agency in (one, other)
    ]
    other.save()
    changes = ChangeSet.objects.count()
    with (
        pytest.raises(StaleRecord, match="agency “SEDENA” has been changed since"),
        changing("other") as change,
    ):
        update_many(Agency, rows, ["name"], change)
    assert set(Agency.objects.values_list("name", flat=True)) == {"SEMAR", "SEDENA"}
    assert ChangeSet.objects.count() == changes
    other.delete()
    with (
        pytest.raises(StaleRecord, match="agency “SEDENA” has been changed since"),
        changing("other") as change,
    ):
        update_many(Agency, [other], ["name"], change)


def test_records_in_memory_are_what_was_written_or_what_they_were():
    agency = make.an_agency()
    names = [AgencyName(agency=agency, text=text, kind="short") for text in ("Á", "B")]
    with changing("other") as change:
        keys = insert_many(AgencyName, names, change)
    assert [name.pk for name in names] == keys
    assert [name.search_text for name in names] == ["a", "b"]
    names[0].text = "C"
    names[0].save()
    assert AgencyName.objects.get(pk=keys[0]).text == "C"
    records = [Agency.objects.get(), make.an_agency()]
    records[1].version = 7
    with pytest.raises(StaleRecord), changing("other") as change:
        update_many(Agency, records, ["name"], change)
    assert [record.version for record in records] == [3, 7]


def test_what_the_database_refuses_leaves_nothing():
    with pytest.raises(IntegrityError), changing("other") as change:
        insert_many(Official, [{"slug": "a", "name": "A"}] * 2, change)
    assert not Official.objects.exists()
    assert not Official.history.exists()
    with pytest.raises(ValueError, match="or none has"), changing("other") as change:
        insert_many(Official, [{"slug": "a", "id": 1}, {"slug": "b"}], change)


def test_the_number_of_statements_does_not_grow_with_the_rows():
    metric = make.a_metric()

    def statements(number, slug):
        rows = [
            {
                "slug": f"{slug}-{place}",
                "metric_id": metric.pk,
                "value": str(place),
                "modality": "actual",
                "population": f"{slug}-{place}",
            }
            for place in range(number)
        ]
        with changing("other") as change:
            change.row  # noqa: B018  that it is there counts for both
            with CaptureQueriesContext(
                connection,
            ) as made:
                keys = insert_many(Observation, rows, change)
            stored = [
                {"id": key, "version": 1, "population": f"{slug} {key}"} for key in keys
            ]
            with CaptureQueriesContext(connection) as changed:
                update_many(Observation, stored, ["population"], change)
        return len(made), len(changed)

    assert statements(10, "few") == statements(200, "many")
    assert Observation.history.count() == 420


def test_history_has_the_moment_of_its_change():
    with changing("other") as change:
        insert_many(Official, [{"slug": "a", "name": "A"}], change)
    past = Official.history.get()
    assert past.history_date == ChangeSet.objects.get().at
    assert past.history_change_reason is None
    assert abs(past.updated_at - past.created_at) < timedelta(minutes=1)


@pytest.mark.django_db
def test_only_what_stays_is_written_with_what_it_is_found_by():
    """A rehearsal of an import is undone, so nobody searches what it writes."""
    sheet = open_sheet(
        b"slug,status,name,kind\r\nnogales,draft,N\xc3\xb3gales,city\r\n"
    )
    for dry_run, searched in ((True, ""), (False, "nogales")):
        seen = []
        import_tables(
            [("places", sheet)],
            dry_run=dry_run,
            report=lambda _table, _row, seen=seen: seen.extend(
                Place.objects.values_list("name", "search_text")
            ),
        )
        assert seen == [("Nógales", searched)]
