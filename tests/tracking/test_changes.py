"""Changes: what is written together, by whom, and that nobody rewrites it."""

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from provenance.db.append_only import REFUSAL, written_once
from provenance.models import Source
from provenance.tracking.changes import ChangeSet, changing
from provenance.tracking.dependent_columns import StaleRecord
from tests import make

pytestmark = pytest.mark.django_db


def refused(change):
    raise ValidationError("Not like this.")


def test_what_is_written_together_is_one_change_with_one_moment():
    user = User.objects.create_user("ana")
    with changing("form", user=user, reason="a new sheet"):
        source = make.a_source(status="draft")
        agency = make.an_agency(status="draft")
        make.a_citation(agency, source)
    change = ChangeSet.objects.get()
    assert (change.path, change.user, change.reason) == ("form", user, "a new sheet")
    for written in (source, agency, agency.citations.get()):
        row = written.history.get()
        assert row.change_set == change
        assert row.history_date == change.at
        assert row.history_user == user
        assert row.history_change_reason == "a new sheet"


def test_changes_are_numbered_without_a_gap_and_their_moments_grow():
    make.a_source()
    with pytest.raises(ZeroDivisionError), changing("form"):
        make.a_source()
        raise ZeroDivisionError
    with changing("form"):
        pass
    make.a_source()
    (second, first) = ChangeSet.objects.all()
    assert (first.number, second.number) == (1, 2)
    assert first.at < second.at


def test_a_change_made_in_a_savepoint_that_fails_is_made_again():
    with changing("form"):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            make.a_source()
            raise ZeroDivisionError
        source = make.a_source()
    assert source.history.get().change_set == ChangeSet.objects.get()


def test_a_change_that_is_refused_as_a_whole_leaves_nothing(settings):
    settings.CLOSING_A_CHANGE = [f"{__name__}.refused"]
    with pytest.raises(ValidationError, match="Not like this"):
        make.a_source()
    assert not Source.objects.exists()
    assert not ChangeSet.objects.exists()


def test_a_record_counts_the_writes_of_its_rows_and_citations():
    agency = make.an_agency()
    assert agency.version == 1
    name = make.an_agency_name(agency)
    assert agency.version == 2
    citation = make.a_citation(agency)
    citation.locator = "p. 2"
    citation.save()
    name.delete()
    agency.refresh_from_db()
    assert agency.version == 5
    with changing("form"):
        agency.name = "MARINA"
        agency.save()
        make.an_agency_name(agency)
    agency.refresh_from_db()
    assert agency.version == 6


@pytest.mark.parametrize("write", ["save", "partial", "bulk"])
def test_nothing_is_written_over_a_version_that_was_not_read(write):
    mine = make.an_agency(name="SEMAR")
    theirs = type(mine).objects.get()
    theirs.name = "MARINA"
    theirs.save()
    mine.name = "Navy"
    for _attempt in range(2):
        with pytest.raises(StaleRecord, match="changed since it was read"):
            if write == "save":
                mine.save()
            elif write == "partial":
                mine.save(update_fields=["name"])
            else:
                type(mine).objects.bulk_update([mine], ["name"])
    assert type(mine).objects.get().name == "MARINA"
    assert [row.name for row in mine.history.all()] == ["MARINA", "SEMAR"]


def test_what_was_deleted_meanwhile_is_not_written_again():
    meeting = make.a_meeting()
    type(meeting).objects.get().delete()
    meeting.title = "Another"
    with pytest.raises(StaleRecord):
        meeting.save()
    assert not type(meeting).objects.exists()


def statements_that_rewrite(table):
    """What would write the rows of a table again, and what would take them away."""
    column = "number" if table == "provenance_changeset" else "history_id"
    yield f"UPDATE {table} SET {column} = {column}"  # noqa: S608  our own names
    yield f"DELETE FROM {table}"  # noqa: S608  our own names


def is_refused(statement):
    """Whether the database refuses it because it would rewrite history."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return REFUSAL in str(error)
    return False


def test_the_database_itself_refuses_to_rewrite_history():
    for maker in make.EACH_KIND.values():
        maker()
    tables = written_once(apps.get_models())
    assert len(tables) > len(make.EACH_KIND)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608  our own names
            assert cursor.fetchone(), f"{table} has no row to rewrite"
    for table in tables:
        for statement in statements_that_rewrite(table):
            assert is_refused(statement), statement


def test_history_is_not_rewritten_in_python_either():
    (row,) = make.a_source().history.all()
    row.title = "Another"
    with pytest.raises(TypeError, match="not written again"):
        row.save()
    with pytest.raises(TypeError, match="not deleted"):
        row.delete()


def test_a_citation_remembers_what_it_was_checked_against():
    agency = make.an_agency(name="SEMAR")
    citation = make.a_citation(agency, field="name")
    assert citation.checked_against == "SEMAR"
    assert not citation.needs_another_look
    agency.name = "MARINA"
    agency.save()
    citation = agency.citations.get()
    assert citation.needs_another_look
    citation.locator = "p. 2"  # says nothing of the value
    citation.save()
    assert citation.needs_another_look
    citation.note = "It stands there too."
    citation.save()
    assert citation.checked_against == "MARINA"
    assert not citation.needs_another_look


def test_a_settled_contradiction_is_open_again_when_the_value_changes():
    agency = make.an_agency(name="SEMAR")
    citation = make.a_citation(agency, field="name", stated="Navy")
    assert not citation.is_settled
    citation.assessment, citation.note = "translation", "The English word."
    citation.save()
    assert citation.is_settled
    agency.name = "MARINA"
    agency.save()
    citation = agency.citations.get()
    assert not citation.is_settled
    citation.note = "The English word still."
    citation.save()
    assert citation.is_settled


def test_what_is_assessed_as_unresolved_stays_open():
    agency = make.an_agency(name="SEMAR")
    citation = make.a_citation(
        agency, field="name", stated="X", assessment="unresolved", note="Who knows?"
    )
    assert not citation.is_settled
