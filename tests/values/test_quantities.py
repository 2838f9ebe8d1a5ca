"""Numbers as sources give them: what a text means, and what stands against it."""

import copy
import pickle
import re
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import assume, example, given
from hypothesis import strategies as st

from provenance.values import contradiction
from provenance.values.quantities import (
    HIGHEST,
    LOWEST,
    MAX_DECIMALS,
    MAX_DIGITS,
    Quantity,
    QuantityField,
)
from tests import make
from timeline.models import Deployment, Observation

AGREES, COMPATIBLE, CONTRADICTS = contradiction.Standing


def refusal(text):
    """The one error that a text is refused with."""
    with pytest.raises(ValidationError) as caught:
        Quantity(text)
    (error,) = caught.value.error_list
    return error


def written(number):
    """A Decimal in the one form of the profile."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def numbers(limit=10**11 - 1):
    return st.builds(
        written,
        st.decimals(-limit, limit, places=MAX_DECIMALS)
        | st.integers(-limit, limit).map(Decimal),
    )


@st.composite
def texts_of_ranges(draw):
    low, high = sorted([draw(numbers()), draw(numbers())], key=Decimal)
    assume(low != high)
    return f"{low}..{high}"


def texts():
    """Every text of the profile."""
    signs = st.sampled_from(["", "~", ">", ">=", "<", "<="])
    return st.one_of(
        st.builds(str.__add__, signs, numbers(10**10)), texts_of_ranges(), st.just("")
    )


# What a text means ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("15000", "15000", "15000"),
        ("-97", "-97", "-97"),
        ("0", "0", "0"),
        ("0.5", "0.5", "0.5"),
        ("-85.25", "-85.25", "-85.25"),
        ("0.0001", "0.0001", "0.0001"),
        ("~10000", "9000", "11000"),
        ("~-10000", "-11000", "-9000"),
        ("~0.5", "0.45", "0.55"),
        ("~0", "0", "0"),
        (">30000", "30000", HIGHEST),
        (">=100000", "100000", HIGHEST),
        (">-5", "-5", HIGHEST),
        ("<500", LOWEST, "500"),
        ("<=500", LOWEST, "500"),
        ("<-5", LOWEST, "-5"),
        ("10000..15000", "10000", "15000"),
        ("-97..-85", "-97", "-85"),
        ("-1..1", "-1", "1"),
        ("0.5..1.5", "0.5", "1.5"),
        ("999999999999999", "999999999999999", "999999999999999"),
        ("", LOWEST, HIGHEST),
    ],
)
def test_each_form_of_the_profile_has_its_smallest_and_largest_number(text, low, high):
    quantity = Quantity(text)
    assert quantity == text
    assert (quantity.low, quantity.high) == (Decimal(low), Decimal(high))
    assert type(quantity.low) is type(quantity.high) is Decimal


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not known"),
        ("15000", "exactly 15,000"),
        ("-97", "exactly -97"),
        ("2.5", "exactly 2.5"),
        ("100", "exactly 100"),
        ("~10000", "about 10,000: from 9,000 to 11,000"),
        (">30000", "more than 30,000"),
        (">=100000", "at least 100,000"),
        ("<500", "less than 500"),
        ("<=500", "at most 500"),
        ("10000..15000", "from 10,000 to 15,000"),
        ("999999999999999", "exactly 999,999,999,999,999"),
        ("-999999999999999", "exactly -999,999,999,999,999"),
    ],
)
def test_what_a_text_means_is_said_in_words(text, words):
    assert Quantity(text).in_words == words


@given(texts())
def test_parsing_what_was_parsed_changes_nothing(text):
    once = Quantity(text)
    again = Quantity(str(once))
    assert str(once) == str(again) == text
    assert (once.low, once.high) == (again.low, again.high)
    assert (once.above_low, once.below_high) == (again.above_low, again.below_high)
    assert isinstance(once.in_words, str)


@given(texts())
def test_the_bounds_are_decimals_in_order_and_never_floats(text):
    quantity = Quantity(text)
    assert type(quantity.low) is type(quantity.high) is Decimal
    assert LOWEST <= quantity.low <= quantity.high <= HIGHEST


@given(texts())
def test_each_number_that_a_text_names_lies_in_its_bounds(text):
    quantity = Quantity(text)
    for named in re.findall(r"-?[0-9]+(?:\.[0-9]+)?", text):
        assert quantity.low <= Decimal(named) <= quantity.high


@given(numbers())
def test_a_plain_number_is_exact(number):
    quantity = Quantity(number)
    assert quantity.low == quantity.high == Decimal(number)


@given(numbers(10**10))
def test_about_is_a_tenth_either_way_also_below_zero(number):
    about = Quantity("~" + number)
    tenth = abs(Decimal(number)) / 10
    assert about.low == Decimal(number) - tenth
    assert about.high == Decimal(number) + tenth


@given(numbers(), numbers())
def test_the_larger_number_has_the_larger_bounds(one, other):
    smaller, larger = sorted([one, other], key=Decimal)
    for sign in ("", ">", "<="):
        assert Quantity(sign + smaller).low <= Quantity(sign + larger).low
        assert Quantity(sign + smaller).high <= Quantity(sign + larger).high


@given(texts())
def test_a_copy_and_a_pickle_mean_the_same(text):
    quantity = Quantity(text)
    copies = [
        copy.copy(quantity),
        copy.deepcopy(quantity),
        *(pickle.loads(pickle.dumps(quantity, p)) for p in range(2, 6)),  # noqa: S301  our own bytes
    ]
    for same in copies:
        assert type(same) is Quantity
        assert same == quantity
        assert (same.low, same.high) == (quantity.low, quantity.high)
        assert (same.above_low, same.below_high) == (
            quantity.above_low,
            quantity.below_high,
        )


def test_a_number_given_as_such_is_read_as_its_text():
    assert Quantity(15000) == "15000"
    assert Quantity(Decimal("2.5")).low == Decimal("2.5")


# What is refused ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "1,234",
        "1.234,5",
        "15 000",
        "15_000",
        "15'000",
        "1e3",
        "1E3",
        "NaN",
        "Infinity",
        "-Infinity",
        "inf",
        "\uff11\uff12\uff13",
        "\u0661\u0662\u0663",
        "0x10",
        "007",
        "+5",
        "--5",
        "5-",
        ".5",
        "5.",
        "1.2.3",
        "12 USD",
        "$12",
        "12%",
        ">~5",
        "~>5",
        "~~5",
        "~ 5",
        "=>5",
        ">>5",
        "> 5",
        ">5..7",
        "~5..7",
        "5...7",
        "5..7..9",
        "..5",
        "5..",
        "..",
        "5-7",
        "many",
        "a similar number",
        "none",
        "15000\n",
        " 15000",
        "15000\x00",
        "\u221297",
        "\ud800",
    ],
)
def test_what_is_no_quantity_is_refused_with_what_would_be_right(text):
    error = refusal(text)
    assert error.code == "invalid"
    (message,) = error.messages
    assert f"“{text}”" in message
    assert "15000, ~10000, >30000, >=30000, <500 or 10000..15000" in message


@pytest.mark.parametrize(
    ("text", "remedies"),
    [
        ("10.000", ["10", "10000"]),
        ("-10.000", ["-10", "-10000"]),
        ("1.50", ["1.5", "150"]),
        ("1234567.000", ["1234567", "1234567000"]),
        ("0.50", ["0.5"]),
        ("0.0", ["0"]),
        ("-0", ["0"]),
        ("-0.0", ["0"]),
    ],
)
def test_a_number_that_can_be_read_in_two_ways_is_refused_with_both(text, remedies):
    for given_as in (text, f"~{text}", f">={text}"):
        error = refusal(given_as)
        assert error.code == "ambiguous"
        (message,) = error.messages
        assert message.startswith(f"“{text}”")
        named = message.split("write ")[1].rstrip(".").split(" or ")
        assert named == remedies
        for remedy in named:
            assert Quantity(remedy)


def test_a_range_that_runs_backwards_or_is_none_is_refused():
    error = refusal("10000..5000")
    assert error.code == "backwards"
    assert error.messages == [
        "“10000..5000” ends below its beginning; write the smaller number first."
    ]
    assert refusal("-85..-97").code == "backwards"
    error = refusal("5..5")
    assert error.code == "no_range"
    assert error.messages == ["“5..5” is no range; write 5."]


@pytest.mark.parametrize(
    "text",
    [
        "99999999999999999999",
        "-99999999999999999999",
        "1000000000000000",
        "~999999999999999",
        "~-999999999999999",
        "0.00001",
        "123456789012.1234",
        ">99999999999999999999",
        "1..99999999999999999999",
        "9" * 1_000_000,
        "-" + "9" * 1_000_000,
        "0." + "3" * 1_000_000,
    ],
)
def test_more_digits_than_a_database_keeps_exactly_are_refused_in_one_line(text):
    error = refusal(text)
    assert error.code == "too_long"
    (message,) = error.messages
    assert f"at most {MAX_DIGITS}, {MAX_DECIMALS} behind the point" in message
    assert len(message) < 300


@given(st.text(alphabet="0123456789.-~<>=,+eE ", max_size=40))
def test_whatever_is_taken_for_a_quantity_fits_its_columns(text):
    try:
        quantity = Quantity(text)
    except ValidationError as error:
        assert error.messages[0]
    else:
        assert len(text) <= Quantity.MAX_LENGTH
        whole, decimals = Deployment._meta.get_field("personnel_low").max_digits, 6
        for bound in (quantity.low, quantity.high):
            assert bound == round(bound, decimals)
            assert abs(bound) < Decimal(10) ** (whole - decimals)


@given(texts_of_ranges())
@example("-99999999999.9999..-99999999999.9998")
@example("-999999999999999..999999999999999")
def test_the_longest_range_fits_its_column(text):
    assert len(Quantity(text)) <= QuantityField().max_length


# How two of them stand ------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("15000", "15000", AGREES),
        ("15000", "10000", CONTRADICTS),
        ("15000", "~10000", CONTRADICTS),
        ("11000", "~10000", COMPATIBLE),
        ("11001", "~10000", CONTRADICTS),
        ("9000", "~10000", COMPATIBLE),
        ("8999", "~10000", CONTRADICTS),
        ("-9000", "~-10000", COMPATIBLE),
        ("-8999", "~-10000", CONTRADICTS),
        ("10000..15000", "15000", COMPATIBLE),
        ("10000..15000", "15000..20000", COMPATIBLE),
        ("10000..15000", "15001", CONTRADICTS),
        (">30000", "30000", CONTRADICTS),
        (">30000", "30000.0001", COMPATIBLE),
        (">=30000", "30000", COMPATIBLE),
        (">30000", ">=30000", COMPATIBLE),
        ("<500", "500", CONTRADICTS),
        ("<500", "499.9999", COMPATIBLE),
        ("<=500", "500", COMPATIBLE),
        (">500", "<500", CONTRADICTS),
        (">=500", "<500", CONTRADICTS),
        (">=500", "<=500", COMPATIBLE),
        (">500", "100..500", CONTRADICTS),
        (">30000", "~30000", COMPATIBLE),
        (">33000", "~30000", CONTRADICTS),
        ("-85", "-97", CONTRADICTS),
        ("85", "-85", CONTRADICTS),
        ("", "15000", COMPATIBLE),
    ],
)
def test_two_quantities_contradict_when_no_number_can_be_meant_by_both(one, other, how):
    one, other = Quantity(one), Quantity(other)
    assert contradiction.of_quantities(one, other) == how
    assert contradiction.of_quantities(other, one) == how


@given(texts(), texts())
def test_how_two_quantities_stand_does_not_depend_on_which_is_first(one, other):
    one, other = Quantity(one), Quantity(other)
    how = contradiction.of_quantities(one, other)
    assert how == contradiction.of_quantities(other, one)
    assert (how == AGREES) == (one == other)
    assert contradiction.of_quantities(one, one) == AGREES


@given(texts(), numbers())
def test_what_lies_in_the_bounds_of_a_quantity_does_not_contradict_it(text, number):
    quantity, exact = Quantity(text), Quantity(number)
    inside = quantity.low <= exact.low <= quantity.high
    named_but_left_out = text[1:] == number and text[:1] in ("<", ">")
    how = contradiction.of_quantities(quantity, exact)
    assert (how == CONTRADICTS) == (not inside or named_but_left_out)


# The column -----------------------------------------------------------------


class DeploymentForm(forms.ModelForm):
    class Meta:
        model = Deployment
        fields = ("slug", "status", "title", "kind", "personnel")


def filled_in(personnel):
    return DeploymentForm(
        {
            "slug": "one",
            "status": "draft",
            "title": "Troops",
            "kind": "exercise",
            "personnel": personnel,
        }
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1,234", "is not a quantity"),
        ("10.000", "can be read in two ways"),
        ("~999999999999999", "too many digits"),
        ("10000..5000", "ends below its beginning"),
    ],
)
def test_a_form_says_what_is_wrong_with_a_quantity_once_and_at_its_field(
    typed, message
):
    form = filled_in(typed)
    assert not form.is_valid()
    assert list(form.errors) == ["personnel"]
    (error,) = form.errors["personnel"]
    assert message in error


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        ("~10000", "9000", "11000"),
        (">30000", "30000", HIGHEST),
        ("10000..15000", "10000", "15000"),
        ("", LOWEST, HIGHEST),
    ],
)
def test_a_form_saves_the_text_and_its_bounds(typed, low, high):
    form = filled_in(typed)
    assert form.is_valid(), form.errors
    form.save()
    found = Deployment.objects.values_list(
        "personnel", "personnel_low", "personnel_high"
    )
    assert found.get() == (typed, Decimal(low), Decimal(high))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["~89999999999.9999", "~909090909090908", "-99999999999.9999..0.0001", ">0.0001"],
)
def test_the_largest_and_the_finest_quantities_are_stored_on_every_database(text):
    observation = make.an_observation(value=text)
    observation.full_clean()
    observation = Observation.objects.get()
    assert observation.value == text
    assert observation.value_high == Quantity(text).high


@pytest.mark.django_db
def test_quantities_are_found_by_what_they_can_mean():
    about = make.an_observation(value="~10000")
    more = make.an_observation(value=">30000")
    can_be = Observation.objects.filter(value_low__lte=10500, value_high__gte=10500)
    assert list(can_be) == [about]
    assert list(Observation.objects.filter(value_low__gte=30000)) == [more]
