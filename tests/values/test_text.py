"""Texts are kept in one form, found without accents, and hide nothing from a reader."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given
from hypothesis import strategies as st

from entities.models import Agency, Official
from provenance.search.likeness import likeness
from provenance.values.folding import fold
from provenance.values.scripts import as_it_looks
from provenance.values.text import Key, Line, Prose, normalized, seen
from tests import make
from timeline.models import Meeting

# Folding --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("José Núñez", "jose nunez"),
        ("BENÍTEZ", "benitez"),
        ("Čapková", "capkova"),
        ("Đặng", "dang"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Ørsted", "orsted"),
        ("Æsop Œuvre", "aesop oeuvre"),
        ("Þór Ðaði", "thor dadi"),
        ("Ħal Għaxaq", "hal ghaxaq"),
        ("ısı İSTANBUL", "isi istanbul"),
        ("ﬁle", "file"),
        ("\uff24\uff25\uff26", "def"),
        ("e\u0301", "e"),
        ("SEDENA/DEFENSA", "sedena defensa"),
        ("  two\u00a0 words\n", "two words"),
        ("O’Reilly, P.-J.", "o reilly p j"),
        ("snake_case", "snake case"),
        ("", ""),
        ("—", ""),
    ],
)
def test_a_folded_text_has_no_accents_no_case_and_only_words(text, folded):
    assert fold(text) == folded


@given(st.text())
@example("ŉ ǰ ΐ ᾳ ẞ İ ﬃ")
def test_folding_what_was_folded_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once
    assert once == once.strip()
    assert "  " not in once


@given(st.text())
def test_composed_or_taken_apart_a_text_is_folded_alike(text):
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("P\u0430ul", "paul"),
        ("P\u0430\u0423l", "payl"),
        ("\u0421\u0412P", "cbp"),
        ("S\u0395D\u0395N\u0410", "sedena"),
        ("Jos\u0435\u0301 \u041d\u0443\u0440", "jose \u043d\u0443\u0440"),
        ("\u0418\u0432\u0430\u043d", "\u0438\u0432\u0430\u043d"),
        ("\u0421\u0421\u0421\u0420", "\u0441\u0441\u0441\u0440"),
        ("\u0395\u039b\u039b\u0391\u03a3", "\u03b5\u03bb\u03bb\u03b1\u03c3"),
    ],
)
def test_only_a_word_of_two_scripts_is_found_as_what_it_looks_like(text, folded):
    assert fold(text) == folded


LETTERS = st.text(
    st.one_of(
        st.characters(min_codepoint=0x370, max_codepoint=0x52F),
        st.sampled_from("abAB1 _-é\u0301"),
        st.characters(min_codepoint=0x1F00, max_codepoint=0x1FFF),
    )
)


@given(LETTERS)
def test_folding_words_of_many_scripts_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(LETTERS)
def test_what_a_text_looks_like_looks_like_itself(text):
    assert as_it_looks(as_it_looks(text)) == as_it_looks(text)


def test_two_names_that_look_the_same_are_said_to():
    alike = likeness("Paul Miller", "P\u0430ul Miller")
    assert alike.score == 100
    assert alike.reason == (
        "“Paul Miller” and “P\u0430ul Miller” look the same, in letters of two scripts"
    )


# One form -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nu\u0301n\u0303ez", "N\u00fa\u00f1ez".replace("\u00fa", "u\u0301")),
        ("Jose\u0301", "Jos\u00e9"),
        ("  Ana \u00a0", "Ana"),
        ("one\r\ntwo\rthree\n", "one\ntwo\nthree"),
        ("Straße ﬁle", "Straße ﬁle"),
        ("", ""),
        (" ", ""),
    ],
)
def test_a_text_is_kept_composed_and_without_blanks_around_it(typed, kept):
    assert normalized(typed) == unicodedata.normalize("NFC", kept)


@given(st.text())
def test_a_normalized_text_stays_as_it_is(text):
    once = normalized(text)
    assert normalized(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\r" not in once


@pytest.mark.django_db
def test_two_spellings_that_look_alike_are_one_text_in_the_table():
    apart, composed = "Jose\u0301 ", "Jos\u00e9"
    official = make.an_official(name=apart)
    meeting = make.a_meeting(summary=f"{apart}\r\nspoke ")
    assert Official.objects.get(name=composed) == official
    assert Official.objects.get(name=apart) == official
    assert Official.objects.get().name == composed
    assert Meeting.objects.get().summary == f"{apart}\nspoke".replace(
        "e\u0301", "\u00e9"
    )
    assert meeting.history.get().summary == Meeting.objects.get().summary


@pytest.mark.django_db
def test_a_name_that_differs_only_in_its_bytes_is_already_on_record():
    agency = make.an_agency()
    make.an_agency_name(agency, text="Defensa Nación")
    again = agency.names.model(
        agency=agency, text="Defensa Nacio\u0301n ", kind="acronym"
    )
    with pytest.raises(ValidationError, match="already on record"):
        again.full_clean()


# Nothing unseen -------------------------------------------------------------

NEVER = [
    ("\x00", "a control character"),
    ("\x07", "a control character"),
    ("\x1b", "a control character"),
    ("\x7f", "a control character"),
    ("\x9f", "a control character"),
    ("\ud800", "half a character"),
    ("\udfff", "half a character"),
    ("\u200b", "an invisible character"),
    ("\ufeff", "an invisible character"),
    ("\u00ad", "an invisible character"),
    ("\u2060", "an invisible character"),
    ("\U000e0041", "an invisible character"),
]
NOT_IN_A_LINE = [
    ("\n", "a line break or a tab"),
    ("\t", "a line break or a tab"),
    ("\u2028", "a line break or a tab"),
    ("\u202e", "a mark that turns text around"),
    ("\u2066", "a mark that turns text around"),
    ("\u200f", "a mark that turns text around"),
]


@pytest.mark.parametrize(("char", "name"), NEVER + NOT_IN_A_LINE)
def test_a_line_refuses_what_no_reader_sees_and_says_where_it_stands(char, name):
    with pytest.raises(ValidationError) as caught:
        Line().clean(f"Ana{char}b", None)
    assert caught.value.messages == [
        f"Character 4 is {name} (U+{ord(char):04X}); remove it."
    ]


@pytest.mark.parametrize(("char", "name"), NEVER)
def test_prose_refuses_what_stands_for_nothing_that_is_seen(char, name):
    with pytest.raises(ValidationError) as caught:
        Prose().clean(f"One\ntwo{char}three", None)
    assert caught.value.messages == [
        f"Character 8 is {name} (U+{ord(char):04X}); remove it."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "José Núñez",
        "Đặng Łódź",
        "محمد",
        "नमस्ते",
        "می\u200cخواهم",  # noqa: RUF001  Persian
        "क्\u200dष",
        "👩\u200d🚀",
        "\U0001d49c and 漢字",
        "Pаul",  # noqa: RUF001  a Cyrillic letter is seen, if not noticed
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
    ],
)
def test_what_a_reader_sees_is_kept_as_it_is_in_every_script(text):
    text = unicodedata.normalize("NFC", text)
    assert Line().clean(text, None) == text
    assert Prose().clean(text, None) == text


@pytest.mark.parametrize(
    "text",
    [
        "a\u200db",
        "a\u200cb",
        "\u200d",
        "\u0645\u200c",
        "\u0645\u200c b",
        "\u06f1\u200c\u06f2",
        "\U0001f469\u200d",
        "\U0001f469\u200c\U0001f680",
        "\U0001f469\u200d\u200d\U0001f680",
        "\u3164",
        "\u180e",
        "a\u034fb",
    ],
)
def test_a_line_refuses_a_joiner_where_nothing_joins_and_what_is_drawn_as_nothing(text):
    with pytest.raises(ValidationError, match="an invisible character"):
        Line().clean(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u0915\u094d\u200d\u0937",
        "\u0d28\u0d4d\u200d",
        "\U0001f3f4\u200d\u2620\ufe0f",
        "\u2764\ufe0f\u200d\U0001f525",
        "\U0001f469\U0001f3fd\u200d\U0001f680",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    ],
)
def test_a_line_keeps_a_joiner_where_the_script_needs_it(text):
    assert Line().clean(text, None) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("field", [Line, Prose])
def test_no_letter_carries_more_than_sixteen_marks(field):
    kept = "Ab" + "\u0301" * 16 + "c" + "\u0301" * 16
    assert field().clean(kept, None) == unicodedata.normalize("NFC", kept)
    with pytest.raises(ValidationError) as caught:
        field().clean("\u0410b" + "\u0301" * 200 + "c", None)
    assert caught.value.messages == [
        "Character 2 carries more than 16 marks; remove some."
    ]


def test_prose_keeps_its_lines_and_tabs():
    assert Prose().clean("one\n\ttwo\r\nthree", None) == "one\n\ttwo\nthree"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\t=1+1", "\t=1+1"),
        (" \n\t\tx \t", "\t\tx"),
        ("\t", ""),
        (" \t\r\n", ""),
        ("x\ty", "x\ty"),
    ],
)
def test_prose_may_begin_with_a_tab_and_a_line_may_not(typed, kept):
    assert Prose().to_python(typed) == kept
    assert Prose().to_python(kept) == kept
    assert Prose().formfield().clean(f"{typed}x").startswith(typed[:1])
    assert Line().to_python(typed) == kept.lstrip("\t")


def test_a_mark_that_turns_text_around_is_shown_as_a_mark():
    turned = "from \u202eeht\u202c end, \u2066isolated\u2069"
    assert seen(turned) == ("from \\u202eeht\\u202c end, \\u2066isolated\\u2069")
    assert seen("שלום, سلام é") == "שלום, سلام é"


def test_blanks_and_controls_at_the_ends_are_dropped_and_nothing_is_not_enough():
    assert Line().clean(" Ana\n", None) == "Ana"
    with pytest.raises(ValidationError, match="cannot be blank"):
        Line().clean(" \u00a0\n", None)
    assert Line(blank=True).clean(None, None) == ""


def test_a_line_is_not_longer_than_its_column():
    with pytest.raises(ValidationError, match="at most 300"):
        Line().clean("a" * 301, None)


# Slugs ----------------------------------------------------------------------


@pytest.mark.parametrize("slug", ["sedena", "2009-fact-sheet", "a", "a-1-b"])
def test_a_slug_is_of_small_letters_digits_and_single_hyphens(slug):
    assert Key().clean(slug, None) == slug


@pytest.mark.parametrize(
    "slug",
    [
        "A",
        "a_b",
        "a--b",
        "-a",
        "a-",
        "a b",
        "á",
        "a\n",
        "a/b",
        "..",
        "%",
        "a.b",
        "\uff11",
    ],
)
def test_any_other_slug_is_refused_with_what_would_be_right(slug):
    with pytest.raises(ValidationError, match="a to z, 0 to 9 and single hyphens"):
        Key().clean(slug, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Secretaría de la Defensa Nacional", "secretaria-de-la-defensa-nacional"),
        ("Łódź Ørsted", "lodz-orsted"),
        ("???", "agency"),
        ("漢字", "agency"),
        ("x" * 300, "x" * 96),
    ],
)
def test_a_slug_is_proposed_from_the_name_and_is_a_slug(name, slug):
    agency = Agency(name=name)
    assert agency.propose_slug() == slug
    assert Key().clean(agency.propose_slug(), None)


@pytest.mark.django_db
def test_a_proposed_slug_is_not_taken_by_another():
    make.an_agency(slug="marina")
    make.an_agency(slug="marina-2")
    assert Agency(name="MARINA").propose_slug() == "marina-3"


# Found ----------------------------------------------------------------------


@pytest.mark.django_db
def test_a_record_is_found_without_accents_and_case_by_any_of_its_names():
    agency = make.an_agency(name="Secretaría de Marina")
    make.an_agency_name(agency, text="SEMAR")
    make.an_agency(name="Coast Guard")
    for typed in ("secretaria", "SECRETARÍA", "marina secre", "semar", "mar", "sémar"):
        assert list(Agency.objects.named(typed)) == [agency], typed
    assert not Agency.objects.named("semar coast").exists()


@pytest.mark.django_db
def test_an_appointment_is_found_by_who_held_it_and_by_its_post():
    appointment = make.an_appointment(
        make.an_official(name="Gregory Guillot"), make.a_post(title="Commander")
    )
    for typed in ("guillot", "commander", "guillot commander"):
        assert list(type(appointment).objects.named(typed)) == [appointment]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ['a"b~(c', "%", "_", "100%", "\\", "'; --", "a AND b OR", "*", "[a-z]"]
)
def test_signs_of_a_query_language_are_no_error_and_mean_nothing(typed):
    make.an_agency(name="Ministry")
    agency = make.an_agency(name='The a"b~(c 100%')
    found = set(Agency.objects.named(typed))
    assert not fold(typed) or found <= {agency}


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["a " * 9, "b" * 101, "c" * 60_000])
def test_a_search_for_more_than_a_person_would_type_is_refused(typed):
    with pytest.raises(ValidationError, match="at most 8 words of at most 100"):
        Agency.objects.named(typed)
