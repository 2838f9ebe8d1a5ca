"""Numbers with what they count behind them, in the right number."""

import pytest

from provenance.values.quantities import Quantity
from provenance.values.units import Unit


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("1", "1 person"),
        ("-1", "-1 person"),
        ("~1", "about 1 person"),
        (">=1", "at least 1 person"),
        ("0", "0 persons"),
        ("11", "11 persons"),
        ("1001", "1,001 persons"),
        ("0.1", "0.1 persons"),
        ("0..1", "0–1 persons"),
    ],
)
def test_one_is_called_otherwise_than_several(number, said):
    assert Unit("persons", "person").behind(Quantity(number).readable) == said


def test_of_a_unit_without_a_singular_one_is_called_as_several():
    assert Unit("percent").behind("1") == "1 percent"
    assert Unit().behind("1") == "1"
