"""Cells that are accepted with a warning: encoded twice, or of two scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.tables import suspicions
from provenance.values.scripts import mixed_words

TWICE = "“{}” looks encoded twice; is “{}” meant? Save the file as UTF-8."


@pytest.mark.parametrize(
    "meant",
    ["José", "México", "Ángel", "Núñez", "Í", "à", "–", "“two”", "Łódź", "Иван"],
)
@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
def test_a_word_that_was_encoded_twice_is_noticed(meant, codec):
    try:
        twice = meant.encode().decode(codec)
    except UnicodeDecodeError:  # Windows shows these bytes as they are
        twice = meant.encode().decode("latin-1")
    (said,) = suspicions(f"one {twice} two")
    assert f"“{meant}”" in said


def test_the_first_word_that_was_encoded_twice_stands_for_all():
    assert suspicions("JosÃ© NÃºÃ±ez") == [TWICE.format("JosÃ©", "José")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "plain",
        "José Núñez, “sí” — ¿qué?",
        "NÃO É “SÍ”",
        "«AÑO» – Å",
        "São Paulo à 12 °C",
        "漢字 and 한국어",
        "Владимир and Ελλάδα",
        "Привет-hello",
        "\U0001f469\u200d\U0001f680",
    ],
)
def test_nothing_is_suspected_of_what_people_write(text):
    assert suspicions(text) == []


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_text_is_never_suspected(text):
    assert suspicions(text) == []


@given(st.text())
def test_any_text_can_be_looked_at(text):
    assert all(said.isprintable() for said in suspicions(text))


@pytest.mark.parametrize(
    ("text", "word", "scripts"),
    [
        ("the P\u0430ul two", "P\u0430ul", "Cyrillic"),
        ("\u0391lpha", "\u0391lpha", "Greek"),
        ("\u0421\u0392P", "\u0421\u0392P", "Cyrillic and Greek"),
    ],
)
def test_a_word_of_two_scripts_is_noticed(text, word, scripts):
    assert suspicions(text) == [
        f"“{word}” mixes scripts: Latin and {scripts} letters, which can look the same."
    ]
    assert mixed_words(text) == [word]
