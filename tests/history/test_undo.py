"""Changes are taken back: one, a whole import, a merge; or not at all, and why."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from entities.models import Agency, AgencyName, Official, Place
from provenance.history.reading import tracked_models
from provenance.history.undo import CannotUndo, rehearse, restore, undo
from provenance.history.wording import differences_of
from provenance.merging import merge
from provenance.models import Citation, Redirect
from provenance.models.renaming import rename
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.depth import examples
from tests.folders import read_in
from timeline.models import Event, Meeting, Participation

pytestmark = pytest.mark.django_db

UNCOUNTED = {"version", "updated_at"}  # they count on, whatever is taken back


def tables():
    """All that is recorded, apart from what counts the writes."""
    found = {}
    for model in tracked_models():
        columns = [
            field.attname
            for field in model._meta.concrete_fields
            if field.name not in UNCOUNTED
        ]
        rows = model._base_manager.order_by("pk").values(*columns)
        if rows:
            found[model.__name__] = list(rows)
    return found


def last_change():
    return ChangeSet.objects.first()


def said(number):
    return [difference.in_words for difference in differences_of([number])[number]]


def obstacles(change_set, record=None):
    """What is in the way of taking a change back; it must have written nothing."""
    before, changes = tables(), ChangeSet.objects.count()
    with pytest.raises(CannotUndo) as refusal:
        undo(change_set, record)
    assert (tables(), ChangeSet.objects.count()) == (before, changes)
    return refusal.value.messages


# One change -----------------------------------------------------------------


def test_a_change_of_fields_is_taken_back_and_the_version_counts_on():
    agency = make.an_agency(name="SEMAR", founded="1940")
    before = tables()
    agency.name, agency.founded = "MARINA", "1941"
    agency.save()
    change = last_change()
    undo(change, reason="a slip")
    assert tables() == before
    agency = Agency.objects.get()
    assert agency.version == 3
    undone = last_change()
    assert (undone.path, undone.undoes, undone.reason) == ("undo", change, "a slip")
    assert said(undone.pk) == [
        "Name: MARINA → SEMAR",
        "Founded: 1941 → 1940",
    ]
    assert agency.history.first().change_set == undone


def test_only_what_the_change_set_is_set_back():
    agency = make.an_agency(name="SEMAR", founded="1940")
    agency.name = "MARINA"
    agency.save()
    change = last_change()
    agency.founded = "1941"
    agency.save()
    undo(change)
    agency = Agency.objects.get()
    assert (agency.name, agency.founded) == ("SEMAR", "1941")


def test_a_later_change_of_the_same_field_is_in_the_way():
    agency = make.an_agency(name="SEMAR", slug="semar")
    agency.name = "MARINA"
    agency.save()
    change = last_change()
    agency.name = "Navy"
    agency.save()
    later = last_change()
    agency.founded = "1940"
    agency.save()
    assert obstacles(change) == [
        "“Navy (semar)”: name was made “MARINA” and is “Navy” now; take back change "
        f"{later.pk} first."
    ]
    undo(later)
    undo(change)
    assert Agency.objects.get().name == "SEMAR"


def test_a_citation_that_is_set_back_still_waits_for_another_look():
    agency = make.an_agency(founded="1940")
    citation = make.a_citation(agency, field="founded", stated="1941")
    citation.stated = "1942"
    citation.save()
    change = last_change()
    agency.founded = "1950"
    agency.save()
    undo(change)
    citation.refresh_from_db()
    assert (citation.stated, citation.checked_against) == ("1941", "1940")


def test_what_is_as_it_was_before_is_not_written_again():
    agency = make.an_agency(name="SEMAR")
    agency.name = "MARINA"
    agency.save()
    change = last_change()
    agency.name = "SEMAR"
    agency.save()
    assert obstacles(change) == [
        "Everything is as it was before: nothing to take back."
    ]


def test_a_new_record_is_taken_back_with_its_rows_and_citations():
    source = make.a_source()
    before = tables()
    with changing("form"):
        meeting = make.a_meeting(status="draft")
        make.a_participation(meeting, official=make.an_official(status="draft"))
        meeting.themes.add(make.a_theme(status="draft"))
        make.a_citation(meeting, source, field="title", stated="Another")
    change = last_change()
    with_it = tables()
    assert meeting.disputes.count() == 1
    undo(change)
    assert tables() == before
    assert not Event.objects.exists()
    undo(last_change())
    assert tables() == with_it
    assert Meeting.objects.get().disputes.count() == 1
    undo(last_change())
    assert tables() == before


def test_a_deletion_is_taken_back_with_all_that_went_with_it():
    agreement = make.an_agreement(status="draft", start="2025-02")
    make.a_provision(agreement)
    make.a_participation(agreement)
    make.a_link(agreement)
    citation = make.a_citation(agreement, field="title", quotation="A few words.")
    before = tables()
    agreement.delete()
    assert not Citation.__subclasses__()[0].objects.filter(pk=citation.pk).exists()
    undo(last_change())
    assert tables() == before
    assert type(agreement).objects.get().version > 1


def test_the_part_of_a_change_that_is_about_one_record_is_taken_back_alone():
    one, other = make.an_agency(name="A"), make.an_agency(name="B")
    with changing("import"):
        for agency in (one, other):
            agency.kind = "command"
            agency.save()
            make.an_agency_name(agency)
    undo(last_change(), one)
    assert [agency.kind for agency in Agency.objects.order_by("name")] == [
        "ministry",
        "command",
    ]
    assert AgencyName.objects.get().agency == other


def test_a_citation_gets_back_what_it_was_checked_against():
    agency = make.an_agency(name="SEMAR")
    citation = make.a_citation(agency, field="name")
    agency.name = "MARINA"
    agency.save()
    before = tables()
    citation = agency.citations.get()
    citation.note = "It stands there too."
    citation.save()
    undo(last_change())
    assert tables() == before
    assert agency.citations.get().needs_another_look


def test_a_new_slug_is_taken_back_with_its_redirect():
    agency = make.an_agency(slug="sedena")
    before = tables()
    rename(agency, "defensa")
    change = last_change()
    assert obstacles(change, agency) == [
        "Agency “Ministry of the Navy”: “sedena” is the former slug of “defensa”; "
        "write that, or choose another."
    ]
    undo(change)
    assert tables() == before
    assert not Redirect.objects.exists()


def test_a_slug_that_another_took_over_is_given_back():
    one, other = make.a_place(slug="one"), make.a_place(slug="other")
    before = tables()
    with changing("command"):
        other.slug = "another"
        other.save()
        one.slug = "other"
        one.save()
    undo(last_change())
    assert tables() == before


# A whole import, a merge ----------------------------------------------------


def imported(*lines):
    text = "\r\n".join(lines).encode()
    assert not read_in("places", text).faults
    return last_change()


def test_an_import_is_taken_back_whole():
    make.a_place("Sonora", slug="sonora", kind="state", status="draft")
    before = tables()
    change = imported(
        "slug,status,name,kind,parent",
        "nogales,draft,Nogales,city,sonora",
        "sonora,draft,State of Sonora,state,mexico",
        "mexico,draft,Mexico,country,",
    )
    after = tables()
    assert change.path == "import"
    undo(change)
    assert tables() == before
    undo(last_change())
    assert tables() == after


def test_everything_in_the_way_is_said_at_once_and_nothing_is_written():
    change = imported(
        "slug,status,name,kind",
        "mexico,draft,Mexico,country",
        "sonora,draft,Sonora,state",
        "nogales,draft,Nogales,city",
    )
    mexico, nogales = (Place.objects.get(slug=slug) for slug in ("mexico", "nogales"))
    make.an_agency(name="SEMAR", country=mexico)
    nogales.name = "Heroica Nogales"
    nogales.save()
    number = last_change().pk
    law = make.a_source("A law")
    make.a_citation(nogales, law)
    assert sorted(obstacles(change)) == sorted(
        [
            "“Mexico” is referred to by agency “SEMAR” (country), which is not part of "
            "this; change or delete that first.",
            f"“Heroica Nogales” is referred to by citation “{law.slug}” (record), "
            "which is not part of this; change or delete that first.",
            "“Heroica Nogales (nogales)”: place “Heroica Nogales” has been changed; "
            f"take back change {number} first.",
        ]
    )


def merged(winner, loser):
    """A merge as it is written: rows move, the loser goes, its slug leads on."""
    with changing("merge"):
        for name in loser.names.all():
            name.agency = winner
            name.save()
        for citation in loser.citations.all():
            citation.record = winner
            citation.save()
        for child in Agency.objects.filter(parent=loser):
            child.parent = winner
            child.save()
        for participation in Participation.objects.filter(agency=loser):
            participation.agency = winner
            participation.save()
        slug = loser.slug
        Agency.objects.get(pk=loser.pk).delete()
        winner = Agency.objects.get(pk=winner.pk)
        winner.founded = "1940"
        winner.save()
        Redirect.objects.create(type="agency", slug=slug, target=winner.slug)
    return last_change()


def test_a_merge_is_taken_back_and_both_records_are_there_again():
    winner, loser = make.an_agency(slug="semar"), make.an_agency(slug="marina")
    make.a_citation(winner)
    make.an_agency_name(loser)
    make.a_citation(loser, field="name", stated="Navy")
    make.an_agency(parent=loser)
    make.a_participation(agency=loser)
    before = tables()
    change = merged(winner, loser)
    after = tables()
    assert len(winner.names.all()) == 1
    undo(change)
    assert tables() == before
    assert Agency.objects.get(slug="marina").disputes.count() == 1
    undo(last_change())
    assert tables() == after


def test_a_merge_by_its_own_rules_is_taken_back_as_well():
    winner, loser = make.an_agency(slug="semar"), make.an_agency(slug="marina")
    for agency in (winner, loser):
        make.an_agency_name(agency)
        make.a_citation(agency, make.a_source(), field="founded", stated="1940")
    loser = Agency.objects.get(slug="marina")
    loser.founded, loser.kind = "1940", "armed-force"
    loser.save()
    make.an_appointment(post=make.a_post(agency=loser))
    make.a_participation(agency=loser)
    before = tables()
    merge(Agency.objects.get(slug="semar"), loser)
    after = tables()
    assert not Agency.objects.filter(slug="marina").exists()
    undo(last_change())
    assert tables() == before
    undo(last_change())
    assert tables() == after


def test_what_was_taken_over_and_changed_since_is_in_the_way_of_undoing_a_merge():
    winner, loser = make.an_agency(slug="semar"), make.an_agency(slug="marina")
    make.an_agency_name(loser, text="Navy")
    change = merged(winner, loser)
    winner.names.get().delete()
    number = last_change().pk
    assert obstacles(change) == [
        "“Ministry of the Navy (semar)”: agency name “Navy, acronym” has been deleted; "
        f"take back change {number} first."
    ]


def test_what_needs_something_deleted_is_not_put_back_before_that_is():
    source = make.a_source("A law", slug="a-law")
    official = make.an_official("Ana")
    make.a_citation(official, source)
    official.delete()
    deletion = last_change()
    source.delete()
    later = last_change()
    assert obstacles(deletion) == [
        "Citation “a-law” needs its source “A law (a-law)”, which has been deleted; "
        "restore that first."
    ]
    undo(later)
    undo(deletion)
    assert Official.objects.get().citations.get().source.slug == "a-law"


def test_a_place_in_the_record_that_is_taken_since_is_in_the_way():
    place = make.a_place("Nogales", slug="nogales")
    place.delete()
    deletion = last_change()
    make.a_place("Nogales", slug="nogales")
    assert obstacles(deletion) == [
        "Place “Nogales”: Place with this Slug already exists."
    ]


# Restoring ------------------------------------------------------------------


def test_a_withdrawn_record_is_restored_with_its_citations_and_lists():
    agency = make.an_agency(name="SEMAR")
    name = make.an_agency_name(agency)
    make.a_citation(agency, field="name")
    before, past = tables(), agency.history.first()
    agency.status, agency.name = "withdrawn", "Navy"
    agency.save()
    name.delete()
    agency.citations.get().delete()
    make.an_agency_name(agency, text="Navy")
    restore(past)
    assert tables() == before
    assert last_change().path == "undo"


def test_a_deleted_record_is_restored_as_it_was_after_any_change():
    meeting = make.a_meeting(title="Call", status="draft")
    make.a_participation(meeting)
    meeting.themes.add(make.a_theme())
    make.a_citation(meeting)
    past, before = meeting.history.first(), tables()
    meeting = Meeting.objects.get()
    meeting.title = "Another call"
    meeting.save()
    meeting.delete()
    assert not Meeting.objects.exists()
    restore(past)
    assert tables() == before
    with pytest.raises(CannotUndo, match="there is nothing to restore"):
        restore(past)


# Trying it ------------------------------------------------------------------


def test_a_rehearsal_says_what_would_happen_and_writes_nothing():
    agency = make.an_agency(name="SEMAR")
    agency.name = "MARINA"
    agency.save()
    before, change = tables(), last_change()
    assert [each.in_words for each in rehearse(undo, change)] == [
        "Name: MARINA → SEMAR"
    ]
    assert tables() == before
    assert last_change() == change
    with changing("form"):
        rehearse(undo, change)
        make.a_source()
    assert last_change().path == "form"


kinds = st.sampled_from(["agency", "name", "citation", "meeting", "part", "theme"])
writes = st.lists(
    st.lists(
        st.tuples(
            st.sampled_from(["make", "change", "delete"]),
            kinds,
            st.integers(0, 5),
            st.sampled_from(["", "2009", "2025-02"]),
        ),
        min_size=1,
        max_size=4,
    ),
    max_size=4,
)


def write(verb, kind, number, date):
    """One write of any sort; none where there is nothing to write to."""
    models = {
        "agency": Agency,
        "name": AgencyName,
        "citation": Agency.citation_model(),
        "meeting": Meeting,
        "part": Participation,
        "theme": Meeting.themes.through,
    }
    rows = list(models[kind].objects.order_by("pk"))
    row = rows[number % len(rows)] if rows else None
    agency, meeting = Agency.objects.first(), Meeting.objects.first()
    if verb == "delete" and row is not None:
        if kind == "agency" and row.participations.exists():
            return
        row.delete()
    elif verb == "change" and row is not None:
        if kind == "agency":
            row.founded, row.name = date, f"Agency {number}"
        elif kind == "name":
            row.start = date
        elif kind == "citation":
            row.note, row.stated = f"note {number}", f"Agency {number + 1}"
        elif kind == "meeting":
            row.start, row.title = date, f"Meeting {number}"
        elif kind == "part":
            row.role = "host" if row.role != "host" else "observer"
        row.save()
    elif verb == "make":
        if kind == "agency":
            make.an_agency(founded=date, status="draft")
        elif kind == "meeting":
            make.a_meeting(start=date, status="draft")
        elif kind == "name" and agency:
            make.an_agency_name(agency, text=f"N{AgencyName.history.count()}")
        elif kind == "citation" and agency:
            make.a_citation(agency, field="name", stated=f"Agency {number}")
        elif kind == "part" and meeting and agency:
            if not meeting.participations.exists():
                make.a_participation(meeting, agency=agency)
        elif kind == "theme" and meeting:
            meeting.themes.add(make.a_theme(status="draft"))


@settings(max_examples=examples(40))
@given(writes)
def test_all_changes_taken_back_in_reverse_order_leave_what_there_was(several):
    with transaction.atomic():
        states = []
        for change in several:
            before, number = tables(), last_change()
            with changing("form"):
                for one in change:
                    write(*one)
            if last_change() != number:
                states.append((last_change(), before, tables()))
        taken_back = []
        for change, before, after in reversed(states):
            if before == after:
                continue  # made and deleted in one change
            undo(change)
            assert tables() == before
            taken_back.append((last_change(), after))
        for change, after in reversed(taken_back):
            undo(change)
            assert tables() == after
        transaction.set_rollback(True)


# The command ----------------------------------------------------------------


def take_back(*arguments, **options):
    out = StringIO()
    call_command("take_back", *arguments, stdout=out, **options)
    return out.getvalue().splitlines()


def test_the_command_says_what_it_would_do_and_does_it():
    agency = make.an_agency(name="SEMAR", slug="semar")
    agency.name = "MARINA"
    agency.save()
    words = "agency SEMAR (semar): Name: MARINA → SEMAR"
    assert take_back("2", dry_run=True) == [words, "Nothing is written."]
    assert Agency.objects.get().name == "MARINA"
    assert take_back("2", "--record", "agency", "semar", reason="a slip") == [
        words,
        "Change 2 is taken back, by change 3.",
    ]
    assert Agency.objects.get().name == "SEMAR"
    assert last_change().reason == "a slip"


def test_the_command_fails_with_all_that_is_in_the_way():
    agency = make.an_agency(name="SEMAR")
    make.a_post(agency=agency)
    with pytest.raises(CommandError, match=r"is referred to by post “Secretary”"):
        take_back("1")
    with pytest.raises(CommandError, match=r"^There is no change 9\.$"):
        take_back("9")
    with pytest.raises(CommandError, match=r"There never was a place “x”"):
        take_back("1", "--record", "place", "x")


def test_a_rule_that_reads_nothing_of_what_changed_is_not_asked_again():
    meetings = [make.a_meeting(status="draft") for _ in range(20)]

    def asked(**values):
        with changing("form"):
            for meeting in meetings:
                now = Meeting.objects.get(pk=meeting.pk)
                for name, value in values.items():
                    setattr(now, name, value)
                now.save()
        with CaptureQueriesContext(connection) as queries:
            rehearse(undo, last_change())
        return len(queries)

    assert asked(format="call") + 40 < asked(start="2025")
