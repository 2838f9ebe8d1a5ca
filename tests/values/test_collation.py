"""Names are ordered as people look for them."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.values.collation import LONGEST, sort_key


@pytest.mark.parametrize(
    "names",
    [
        ["alamos", "Álvarez", "Nogal", "Ñuble", "Zedillo"],
        ["Ana", "ana la de Nogales", "Ánade", "Anaya"],
        ["canon", "cantar", "cañada", "caoba"],
        ["Sector 2", "Sector 10", "Sector 010 b", "Sector 100"],
        ["D'Angelo", "De la O", "Del Río", "Delta"],
        ["1st Brigade", "2nd Brigade", "10th Mountain", "Alpha"],
        ["Łódź", "Lodz Este", "London", "Øresund", "Oslo"],
    ],
)
def test_accents_case_and_signs_make_no_difference_and_digits_go_by_value(names):
    shuffled = random.Random(1).sample(names, len(names))
    assert sorted(shuffled, key=sort_key) == names


def test_a_letter_and_its_mark_are_one_letter_however_they_are_written():
    assert sort_key("Mun\u0303oz") == sort_key("Mu\u00f1oz") == "mun~oz"
    assert sort_key("Núñez") == sort_key("NÚÑEZ")


@given(st.text(max_size=300))
def test_a_key_is_short_and_made_of_what_every_database_orders_alike(text):
    key = sort_key(text)
    assert len(key) <= LONGEST
    assert key == sort_key(text.strip())
