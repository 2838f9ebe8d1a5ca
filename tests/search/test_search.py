"""Records are found by the beginnings of words, and by words with a slip in them."""

import re
from collections import Counter
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from entities.models import Agency, AgencyName, Appointment, Official
from provenance.models import KnownWord, readings_of
from provenance.search import hits as hits_of_words
from provenance.search import vocabulary
from provenance.search.index import in_step, stop
from provenance.search.records import Search
from provenance.tracking.time_travel import as_known_at
from provenance.values.folding import fold
from provenance.values.words import MAX_TERM, Reading, alike, cut, slips
from tests import make
from tests.checks.test_check_data import found
from tests.damage import damage, remove
from timeline.models import Event, Meeting, Statement, StatementTheme

SIGNS = st.one_of(
    st.sampled_from("abcdeñéøłß1 -'%_\"\\"),
    st.characters(codec="utf-8", exclude_characters="\0"),
)
LINES = st.text(SIGNS, min_size=1, max_size=40).filter(fold)
WORDS = st.text(st.sampled_from("abc"), max_size=9)
FEW_WORDS = st.sampled_from(
    ["Ana", "Eva", "Ana Eva", "Paz", "Eva Paz", "Anton", "Ruiz"]
)


def hits(text):
    """The slugs of what the public finds, by the type of record."""
    search = Search(text)
    slugs = {
        name: sorted(record.slug for part in search.found(name) for record in part)
        for name in search.kinds
    }
    return {name: found for name, found in slugs.items() if found}


# Words ----------------------------------------------------------------------


def slips_by_definition(one, other):
    """The distance in its recursive form."""
    if not one or not other:
        return len(one) + len(other)
    costs = [
        slips_by_definition(one[:-1], other) + 1,
        slips_by_definition(one, other[:-1]) + 1,
        slips_by_definition(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    ]
    if len(one) > 1 < len(other) and one[-2:] == other[-2:][::-1]:
        costs.append(slips_by_definition(one[:-2], other[:-2]) + 1)
    return min(costs)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 3))
def test_slips_are_counted_as_their_definition_counts_them(one, other, most):
    right = min(slips_by_definition(one, other), most + 1)
    assert slips(one, other, most) == right


@pytest.mark.parametrize(
    ("term", "word"),
    [
        *(("garca", "garcia"), ("gracia", "garcia"), ("sarcia", "garcia")),
        *(("garciaa", "garcia"), ("curz", "cruz"), ("semr", "semar")),
        *(("guillto", "guillot"), ("sheinbuam", "sheinbaum"), ("trevila", "trevilla")),
        *(("secretaira", "secretaria"), ("secrtaira", "secretaria")),
    ],
)
def test_a_word_with_a_slip_in_it_is_like_the_one_that_was_meant(term, word):
    assert alike(term, word)


@pytest.mark.parametrize(
    ("term", "word"),
    [
        *(("mex", "max"), ("garcia", "garcia"), ("marina", "matica")),
        *(("cruz", "curzo"), ("secretaria", "sectraira"), ("ab", "abc")),
    ],
)
def test_short_words_and_words_with_more_slips_are_not(term, word):
    assert not alike(term, word)


@given(LINES)
def test_text_cut_for_the_index_begins_its_words_as_before(line):
    folded = fold(line * 9)
    assert [word[:MAX_TERM] for word in folded.split()] == cut(folded).split()


# Found ----------------------------------------------------------------------


class TestTheIndex(TestCase):
    """The database finds just what reading every text finds."""

    @given(
        st.lists(LINES, min_size=1, max_size=5),
        LINES,
        st.integers(1, 6),
        st.sampled_from([0, hits_of_words.FEW]),
    )
    def test_finds_what_reading_finds(self, lines, typed, letters, few):
        KnownWord.objects.all().delete()
        for agency in Agency.objects.all():
            remove(agency)
        for line in lines:
            make.an_agency(name=line)
        with mock.patch.object(hits_of_words, "FEW", few):
            self.compare(lines, typed, letters)
        assert in_step(Agency)

    def compare(self, lines, typed, letters):
        for text in (*lines, typed, typed[:letters], lines[0][:letters]):
            for term in fold(text).split()[:8]:
                (reading,) = readings_of(term[:MAX_TERM], [Agency.objects.all()])
                read = {
                    agency
                    for agency in Agency.objects.all()
                    if reading.finds(agency.search_text)
                }
                assert set(Agency.objects.found_by([reading])) == read
                begun = [
                    word
                    for agency in Agency.objects.all()
                    for word in agency.search_text.split()
                    if word.startswith(term[:MAX_TERM])
                ]
                assert bool(begun) == (not reading.words and bool(read))

    @given(
        *(st.lists(FEW_WORDS, max_size=2) for _place in range(3)),
        FEW_WORDS,
        st.lists(st.sampled_from(["ana", "an", "eva", "paz"]), min_size=1, max_size=3),
        st.sampled_from([1, hits_of_words.MOST_WAYS]),
    )
    def test_finds_words_wherever_each_is(self, names, areas, drafts, own, words, ways):
        agency = make.an_agency(own)
        for name in names:
            make.an_agency_name(agency, name)
        for place in areas:
            make.an_area(agency, make.a_place(name=place))
        for place in drafts:
            make.an_area(agency, make.a_place(name=place, status="draft"))
        with mock.patch.object(hits_of_words, "MOST_WAYS", ways):
            found = Agency.objects.found_by([Reading(word) for word in words])
        texts = [fold(text) for text in (own, *names, *areas)]
        read = all(any(Reading(w).finds(text) for text in texts) for w in words)
        assert list(found) == [agency] * read


@pytest.mark.django_db
class TestFound:
    """What a person who types finds, where that is much and where it is little."""

    @pytest.fixture(params=[0, hits_of_words.FEW], ids=["many", "few"], autouse=True)
    def how_many_are_few(self, request, monkeypatch):
        monkeypatch.setattr(hits_of_words, "FEW", request.param)

    def test_by_the_beginnings_of_words_in_any_order(self):
        agency = make.an_agency(slug="navy", name="Secretaría de Marina")
        for typed in ("sec mar", "MARI secret", "marina", "secretaría de marina"):
            assert list(Agency.objects.named(typed)) == [agency]
        for typed in ("rina", "secretaria marina de x"):
            assert not Agency.objects.named(typed).exists()

    def test_each_kind_by_its_own_words_and_those_it_is_known_by(self):
        official = make.an_official(slug="ana", name="Ana Núñez")
        make.an_official_name(official, text="Anita Østergård")
        post = make.a_post(slug="desk", title="Head of desk")
        make.an_appointment(official, post, slug="ana-at-desk")
        assert hits("nunez") == {"official": ["ana"], "appointment": ["ana-at-desk"]}
        assert hits("oster") == {"official": ["ana"]}
        assert hits("ana desk") == {"appointment": ["ana-at-desk"]}

    def test_a_slip_finds_what_was_meant_in_every_kind_of_record(self):
        make.an_agency(slug="defense", name="Defensa Nacional")
        make.a_meeting(slug="call", title="Call with Defensa")
        assert hits("dafensa") == hits("defensa")
        assert hits("dafensa") == {"agency": ["defense"], "meeting": ["call"]}
        assert hits("dafensa nacional") == {"agency": ["defense"]}

    def test_a_word_that_is_there_is_taken_as_it_was_typed(self):
        make.an_agency(slug="marina", name="Marina")
        make.a_meeting(slug="martina", title="Talk with Martina")
        assert hits("martina") == {"meeting": ["martina"]}
        assert hits("marina") == {"agency": ["marina"]}

    def test_what_is_taken_for_other_words_is_told(self):
        make.an_agency(name="Defensa")
        assert Search("dafensa defensa").taken_for_others == ["dafensa"]
        assert Search("nothing defensa").taken_for_others == []

    def test_a_draft_neither_shows_nor_changes_what_a_word_is_taken_for(self):
        make.an_agency(slug="defense", name="Defensa")
        before = hits("dafensa"), hits("dafens"), hits("dafensaa")
        draft = make.an_agency(name="Dafensa", status="draft")
        assert (hits("dafensa"), hits("dafens"), hits("dafensaa")) == before
        assert list(Agency.objects.named("dafensa")) == [draft]

    def test_numbers_however_their_digits_are_grouped(self):
        make.a_deployment(slug="troops", personnel="15000")
        make.an_observation(slug="counted", value="15000")
        make.a_meeting(slug="talk", summary="About 15,000 soldiers.")
        found = {"meeting": ["talk"], "deployment": ["troops"]}
        found |= {"observation": ["counted"]}
        for typed in ("15000", "15,000", "15.000", "15’000", "15\u202f000"):
            assert hits(typed) == found
        assert hits("000") == hits("1,500") == hits("15,001") == {}
        assert hits("150") == found

    def test_agreements_by_what_they_are_called_for_short_and_what_they_provide(self):
        agreement = make.an_agreement("Security of Information", slug="pact")
        make.an_agreement_name(agreement, "GSoMIA")
        make.a_provision(agreement, text="Secrets are kept.")
        make.a_meeting("Another", slug="other")
        for typed in ("gsomia", "secrets", "gsomia secrets"):
            assert hits(typed) == {"agreement": ["pact"]}
            assert [one.slug for one in Event.objects.named(typed)] == ["pact"]

    def test_themes_by_other_terms_for_them(self):
        theme = make.a_theme("Human rights", slug="rights")
        make.a_theme_name(theme, "violations of human rights")
        assert hits("rights violations") == {"theme": ["rights"]}

    def test_statements_by_their_themes_and_other_terms_for_these(self):
        theme = make.a_theme("Cartels", slug="cartels")
        make.a_theme_name(theme, "organized crime")
        hidden = make.a_theme("Secrets", slug="secrets", status="draft")
        said = make.a_statement("Ana warns of violence", slug="warning")
        for each in (theme, hidden):
            StatementTheme.objects.create(statement=said, theme=each)
        assert hits("cartels") == {"theme": ["cartels"], "statement": ["warning"]}
        for typed in ("organized crime", "ana organized"):
            assert hits(typed)["statement"] == ["warning"]
            assert [one.slug for one in Statement.objects.named(typed)] == ["warning"]
        ((_near, found),) = Search("organized").nearest("statement", 20)
        match = Search("organized").matched(found)
        assert (match.field, match.text) == ("themes", "organized crime")
        assert hits("secrets") == {}

    def test_each_kind_by_its_public_note_and_none_by_its_private_one(self):
        for number, (model, maker) in enumerate(make.RECORDS.items()):
            notes = {"public_note": "openly", "private_note": "covertly"}
            maker(slug=f"noted-{number}", **notes)
            assert f"noted-{number}" in hits("openly")[model.type_name()]
        assert hits("covertly") == {}

    def test_signs_alone_find_nothing(self):
        make.an_agency()
        assert hits("%") == hits("") == {}

    def test_words_of_any_length_are_kept_and_found(self):
        long = "x" * 3000
        meeting = make.a_meeting(summary=f"about {long} again")
        assert list(Meeting.objects.named("x" * MAX_TERM)) == [meeting]
        assert list(Meeting.objects.named("again")) == [meeting]


@pytest.mark.django_db
class TestRanked:
    """What is called as it was typed comes first, what only mentions it last."""

    @pytest.fixture(autouse=True)
    def some_that_are_alike(self):
        for slug, name, note in (
            ("a", "Coast watch", "Follows the navy."),
            ("b", "Office of the Navy", ""),
            ("c", "Navy", ""),
            ("d", "Navy yard", "Of the navy."),
            ("e", "Sea force", ""),
        ):
            agency = make.an_agency(name, slug=slug, public_note=note)
        make.an_agency_name(agency, "NAVY")

    def ranked(self, typed):
        return [(record.slug, near.name) for near, record in self.found(typed)]

    def found(self, typed):
        return Search(typed).nearest("agency", 20)

    def test_of_few_hits_by_all_of_their_names(self):
        assert self.ranked("navy") == [
            ("c", "CALLED"),
            ("e", "CALLED"),
            ("b", "NAMED"),
            ("d", "NAMED"),
            ("a", "MENTIONED"),
        ]

    def test_of_many_hits_by_what_is_called_just_so(self, monkeypatch):
        monkeypatch.setattr(hits_of_words, "FEW", 2)
        assert [slug for slug, _near in self.ranked("navy")] == [*"cabde"]

    def test_what_has_no_name_of_its_own_is_not_asked_by_one(self, monkeypatch):
        monkeypatch.setattr(hits_of_words, "FEW", 1)
        official = make.an_official("Ana Ruiz")
        offices = [make.an_appointment(official) for _number in range(3)]
        with CaptureQueriesContext(connection) as asked:
            found = Search("ruiz").nearest("appointment", 20)
        assert {office for _near, office in found} == set(offices)
        assert not any('sort_key" = ' in query["sql"] for query in asked)

    def test_a_word_of_many_drafts_and_of_what_is_public_is_no_slip(self, monkeypatch):
        monkeypatch.setattr(hits_of_words, "FEW", 1)
        for _number in range(3):
            make.an_agency("Marinha", status="draft")
        make.an_agency("Marina", slug="marina")
        assert hits("marinha") == {"agency": ["marina"]}
        make.an_agency("Marinha", slug="public")
        assert hits("marinha") == {"agency": ["public"]}

    @pytest.mark.parametrize(
        "asked", ["Who is in the navy?", "¿Quién es de la Navy?", "navy", "the navy"]
    )
    def test_of_a_question_are_those_of_its_telling_words(self, asked):
        found = [str(agency) for _near, agency in Search(asked).nearest("agency", 20)]
        assert found == [str(agency) for _near, agency in self.found("navy")]
        assert not Search("who is").nearest("agency", 20)

    def test_where_it_was_found_is_told(self):
        search = Search("navy")
        matches = [search.matched(record) for _near, record in self.found("navy")]
        told = [(match.field, match.text) for match in matches]
        assert told == [
            ("name", "Navy"),
            ("names", "NAVY"),
            ("name", "Office of the Navy"),
            ("name", "Navy yard"),
            ("public_note", "Follows the navy."),
        ]

    def test_of_a_long_text_what_stands_around_the_words_is_told(self):
        long = " ".join([*"abcdefghij" * 3, "needle", *"klmnopqrst" * 3])
        meeting = make.a_meeting("A call", summary=long)
        match = Search("needle").matched(meeting)
        assert match.field == "summary"
        assert match.text == "… e f g h i j needle k l m n o p q r s t k l m …"


@pytest.mark.django_db
class TestKept:
    """The index follows every write, whoever makes it."""

    def test_through_changes_past_the_models(self):
        agency = make.an_agency(name="Marina")
        name = make.an_agency_name(agency, text="SEMAR")
        damage(agency, search_text="coast guard")
        damage(name, search_text="")
        assert list(Agency.objects.named("guard")) == [agency]
        for typed in ("marina", "semar"):
            assert not Agency.objects.named(typed).exists()
        damage(name, search_text="usco")
        assert list(Agency.objects.named("usco")) == [agency]
        remove(name)
        assert not Agency.objects.named("usco").exists()
        assert all(map(in_step, (Agency, AgencyName)))

    def test_and_what_was_known_then_is_found_by_its_words_of_then(self):
        meeting = make.a_meeting(slug="call", title="Border talk")
        with time_machine.travel(timezone.now() + timedelta(days=1)):
            meeting.title = "Border call"
            meeting.save()
            then = timezone.now() - timedelta(hours=1)
            assert hits("talk") == {}
            assert hits("call") == {"meeting": ["call"]}
            with as_known_at(then):
                assert hits("talk bor") == {"meeting": ["call"]}
                assert hits("bordre") == {"meeting": ["call"]}
                assert hits("call") == hits("alk") == {}

    def test_through_a_change_and_a_deletion(self):
        meeting = make.a_meeting(title="Border talk")
        assert list(Meeting.objects.named("talk")) == [meeting]
        meeting.title = "Border call"
        meeting.save()
        assert not Meeting.objects.named("talk").exists()
        assert list(Meeting.objects.named("border")) == [meeting]
        assert in_step(Event)

    def test_through_a_text_that_comes_and_goes(self):
        held = make.an_appointment()
        for rank in ("General", "", "General", "Admiral"):
            held.rank = rank
            held.save()
            assert Appointment.objects.named("general").exists() == (rank == "General")
            assert in_step(Appointment)
        held.delete()
        assert in_step(Appointment)

    def test_through_a_deletion(self):
        meeting = make.a_meeting(title="Border call")
        meeting.delete()
        assert not Meeting.objects.named("call").exists()
        assert in_step(Event)

    def test_a_trigger_that_is_lost_is_found(self):
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute(stop(connection, AgencyName)[0])
        assert [line.split(":")[0] for line in found("words")] == [
            "error agency search_text"
        ]

    def test_an_index_that_is_lost_is_found_and_made_anew(self):
        agency = make.an_agency(name="Marina")
        connection.check_constraints()  # no index is made while any check is waiting
        with connection.cursor() as cursor:
            for statement in stop(connection, Agency):
                cursor.execute(statement)
        KnownWord.objects.all().delete()
        assert found("words") == [
            "error agency search_text: The index of words is out of step; run "
            "index_words."
        ]
        call_command("index_words", verbosity=0)
        assert found("words") == []
        assert list(Agency.objects.named("marin")) == [agency]
        assert list(Agency.objects.named("mariina")) == [agency]


@pytest.mark.django_db
def test_a_beginning_is_looked_up_as_the_few_words_that_begin_with_it(monkeypatch):
    for name in ("Marta Ruiz", "Martina Paz", "Eva Martagon"):
        make.an_official(name=name)
    ways = []
    for typed, most in (("marta", 50), ("marta", 1), ("mart", 50)):
        monkeypatch.setitem(vocabulary.MOST_BEGUN, connection.vendor, most)
        (reading,) = readings_of(typed, [Official.objects.all()])
        ways.append(set(reading.begun))
        found = 2 if typed == "marta" else 3
        assert Official.objects.found_by([reading]).count() == found
    by_itself = connection.vendor == "sqlite"  # which has an index of four letters
    short = set() if by_itself else {"marta", "martagon", "martina"}
    assert ways == [{"marta", "martagon"}, set(), short]


@pytest.mark.django_db
def test_what_finds_several_kinds_of_record_is_asked_once():
    make.a_meeting(title="Border talks of Ana")
    with CaptureQueriesContext(connection) as asked:
        search = Search("border ana")
        for name in search.kinds:
            search.nearest(name, 20)
    sent = Counter(query["sql"] for query in asked)
    assert {sql for sql, times in sent.items() if times > 1} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["ana desk", "ana ruiz", "desk head", "ana absent"])
def test_no_plan_of_a_search_of_two_words_walks_the_record(typed):
    post = make.a_post(title="Head of desk")
    for number in range(50):
        make.an_appointment(make.an_official(f"Ana Ruiz {number}"), post)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        with CaptureQueriesContext(connection) as asked:
            Appointment.objects.found_by([Reading(word) for word in typed.split()])
        for query in asked:
            assert walked(cursor, query["sql"]) == []


def walked(cursor, statement):
    """The tables that a statement would go through as a whole, were they large."""
    if connection.vendor == "sqlite":
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}")
        steps = [step for *_numbers, step in cursor.fetchall()]
        of_index = r"SCAN (\S+_words\b|CONSTANT ROW)"
        return [s for s in steps if s.startswith("SCAN") and not re.match(of_index, s)]
    cursor.execute("SET LOCAL enable_seqscan = off")
    cursor.execute(f"EXPLAIN {statement}")
    return [step for (step,) in cursor.fetchall() if "Seq Scan" in step]


@pytest.mark.django_db
@pytest.mark.parametrize("reading", [Reading("ana"), Reading("x", ("ana", "anna"))])
@pytest.mark.parametrize("few", [0, hits_of_words.FEW], ids=["many", "few"])
def test_no_plan_of_a_search_walks_the_record(reading, few, monkeypatch):
    monkeypatch.setattr(hits_of_words, "FEW", few)
    for number in range(50):
        make.an_official(slug=f"o-{number}", name=f"Ana {number}")
    found = Official.objects.published().found_by([reading]).order_by("slug")[:20]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
    plan = found.explain()
    assert re.search(r"(?i)using \w* ?(integer primary key|index)|index scan", plan), (
        plan
    )
    assert not re.search(r"SCAN entities_official\b(?! USING)", plan), plan
