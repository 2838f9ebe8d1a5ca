"""Which words of two texts differ: nothing is lost, and what is marked is no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.values.word_diff import (
    AROUND,
    AT_MOST,
    CUT,
    ENOUGH,
    Piece,
    abridged,
    marked,
)

TEXTS = st.text("ab, \n", max_size=30)


def joined(pieces, only_shared=False):
    return "".join(
        piece.text for piece in pieces if not (only_shared and piece.is_marked)
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("", "", ([], [])),
        ("same", "same", ([Piece("same")], [Piece("same")])),
        ("", "new", ([], [Piece("new", True)])),
        (
            "one big word",
            "one word",
            (
                [Piece("one "), Piece("big ", True), Piece("word")],
                [Piece("one word")],
            ),
        ),
        (
            "a red dog saw a cat",
            "a blue dog saw a fox",
            tuple(
                [
                    Piece("a "),
                    Piece(first, True),
                    Piece(" dog saw a "),
                    Piece(last, True),
                ]
                for first, last in (("red", "cat"), ("blue", "fox"))
            ),
        ),
        (
            "Nogales",
            "Nogales, Sonora",
            ([Piece("Nogales")], [Piece("Nogales"), Piece(", Sonora", True)]),
        ),
    ],
)
def test_words_that_only_one_text_has_are_marked(before, after, told):
    assert marked(before, after) == told


@given(TEXTS, TEXTS)
def test_the_pieces_are_the_texts_and_what_is_not_marked_is_in_both(before, after):
    one, other = marked(before, after)
    assert (joined(one), joined(other)) == (before, after)
    assert joined(one, only_shared=True) == joined(other, only_shared=True)
    assert all(piece.text for piece in (*one, *other))


def test_long_texts_are_told_apart_as_a_whole():
    one = " ".join(f"a{number}" for number in range(ENOUGH))
    other = " ".join(f"b{number}" for number in range(ENOUGH))
    assert marked(one, other) == ([Piece(one, True)], [Piece(other, True)])


def test_of_long_texts_what_both_begin_and_end_with_is_told_apart():
    end = " ".join(f"a{number}" for number in range(2 * ENOUGH))
    assert marked(f"The red {end}", f"The blue {end}") == tuple(
        [Piece("The "), Piece(word, True), Piece(f" {end}")] for word in ("red", "blue")
    )


@pytest.mark.parametrize(
    ("around", "middle"), [(AROUND, AT_MOST), (AROUND + 1, AT_MOST), (300, AT_MOST + 1)]
)
def test_of_long_texts_what_differs_stays_in_sight(around, middle):
    texts = [f"{'h' * around}{sign * middle}{'t' * around}" for sign in "bc"]
    cut = CUT if around > AROUND else ""
    inner = CUT if middle > AT_MOST else ""
    assert abridged(*texts) == tuple(
        f"{cut}{'h' * AROUND}{sign * AT_MOST}{inner}{'t' * AROUND}{cut}"
        for sign in "bc"
    )


def test_texts_of_a_modest_length_are_whole():
    texts = f"{'h' * 100}{'b' * (AT_MOST - 100)}", f"{'h' * 100}{'c' * (AT_MOST - 100)}"
    assert abridged(*texts) == texts


@given(TEXTS, TEXTS)
def test_short_texts_are_not_abridged(before, after):
    assert abridged(before, after) == (before, after)


@given(TEXTS, st.sampled_from(["", "old", "o" * 5_000]), TEXTS)
def test_what_differs_stays_in_sight_in_long_texts(start, old, end):
    start, end = start * 100 + "w" * 2_000, "x" * 2_000 + end * 100
    one, other = abridged(f"{start}{old}{end}", f"{start}new{end}")
    assert one != other
    assert "new" in other
    assert old[:AT_MOST] in one
    assert max(len(one), len(other)) <= AT_MOST + 2 * AROUND + 3
