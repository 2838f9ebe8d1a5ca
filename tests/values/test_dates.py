"""Dates as sources give them: what a text means, and what time can be asked of it."""

import copy
import pickle
import re
import warnings
from datetime import date, datetime, timedelta

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from entities.models import AgencyName, Appointment
from provenance.values.contradiction import Certainty
from provenance.values.dates import PartialDate, PartialDateField
from provenance.values.edtf import interval_of
from tests import make
from tests.depth import examples
from timeline.models import Meeting

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its grammar warns while it is built
    import edtf

A_DAY = timedelta(days=1)
YEAR, MONTH, DAY = 4, 7, 10  # so many letters of an ISO date
SEASON = re.compile(r"[0-9]{4}-(?P<name>2[1-4])")


def refusal(text, kind=PartialDate):
    """The one error that a text is refused with."""
    with pytest.raises(ValidationError) as caught:
        kind(text)
    (error,) = caught.value.error_list
    return error


def texts_of_one(precisions=(YEAR, MONTH, DAY)):
    """``2009``, ``2009-03``, ``2009-03-28``."""
    written = st.builds(
        lambda day, letters: day.isoformat()[:letters],
        st.dates(),
        st.sampled_from(precisions),
    )
    return written


@st.composite
def texts_of_ranges(draw, mixed=True):
    """``[2025-02-01..2025-02-10]``, ``[..2009-10]``, ``[2007..]``."""
    first, last = sorted([draw(st.dates()), draw(st.dates())])
    letters = draw(st.sampled_from([YEAR, MONTH, DAY]))
    others = draw(st.sampled_from([YEAR, MONTH, DAY])) if mixed else letters
    low, high = first.isoformat()[:letters], last.isoformat()[:others]
    assume(low != high)
    shape = draw(st.sampled_from(["[{}..{}]", "[..{1}]", "[{0}..]"]))
    return shape.format(low, high)


def texts_of_level_1():
    """``201X``, ``20XX``, ``2004-XX``, ``1985-04-XX``, ``1985-XX-XX``, ``2001-21``."""
    forms = [
        lambda day: day.isoformat()[:3] + "X",
        lambda day: day.isoformat()[:2] + "XX",
        lambda day: day.isoformat()[:YEAR] + "-XX",
        lambda day: day.isoformat()[:MONTH] + "-XX",
        lambda day: day.isoformat()[:YEAR] + "-XX-XX",
        lambda day: f"{day.isoformat()[:YEAR]}-{21 + day.month % 4}",
    ]
    days = st.dates(min_value=date(100, 1, 1))  # the year 0 is none
    return st.builds(lambda form, day: form(day), st.sampled_from(forms), days)


def texts_with_marks():
    one = texts_of_one() | texts_of_level_1()
    return st.builds(str.__add__, one, st.sampled_from(["", "?", "~", "%"]))


def texts():
    """Every text of the profile."""
    return st.one_of(texts_with_marks(), texts_of_ranges(), st.sampled_from(["", ".."]))


# What a text means ----------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "mark"),
    [
        ("2009", "2009-01-01", "2009-12-31", ""),
        ("2009-03", "2009-03-01", "2009-03-31", ""),
        ("2024-02", "2024-02-01", "2024-02-29", ""),
        ("2023-02", "2023-02-01", "2023-02-28", ""),
        ("1900-02", "1900-02-01", "1900-02-28", ""),
        ("2008-09-16", "2008-09-16", "2008-09-16", ""),
        ("2024-02-29", "2024-02-29", "2024-02-29", ""),
        ("2009?", "2009-01-01", "2009-12-31", "?"),
        ("2009-03~", "2009-03-01", "2009-03-31", "~"),
        ("2008-09-16%", "2008-09-16", "2008-09-16", "%"),
        ("[2025-02-01..2025-02-10]", "2025-02-01", "2025-02-10", ""),
        ("[2025-02..2025-03-10]", "2025-02-01", "2025-03-10", ""),
        ("[2024..2025-02]", "2024-01-01", "2025-02-28", ""),
        ("[2025..2025-02]", "2025-01-01", "2025-02-28", ""),
        ("[..2009-10]", "0001-01-01", "2009-10-31", ""),
        ("[2007..]", "2007-01-01", "9999-12-31", ""),
        ("0001", "0001-01-01", "0001-12-31", ""),
        ("9999-12", "9999-12-01", "9999-12-31", ""),
        ("201X", "2010-01-01", "2019-12-31", ""),
        ("20XX", "2000-01-01", "2099-12-31", ""),
        ("999X", "9990-01-01", "9999-12-31", ""),
        ("2004-XX", "2004-01-01", "2004-12-31", ""),
        ("1985-04-XX", "1985-04-01", "1985-04-30", ""),
        ("1985-XX-XX", "1985-01-01", "1985-12-31", ""),
        ("2001-21", "2001-03-01", "2001-05-31", ""),
        ("2001-22", "2001-06-01", "2001-08-31", ""),
        ("2001-23", "2001-09-01", "2001-11-30", ""),
        ("2001-24", "2001-12-01", "2002-02-28", ""),
        ("2003-24", "2003-12-01", "2004-02-29", ""),
        ("9999-24", "9999-12-01", "9999-12-31", ""),
        ("201X?", "2010-01-01", "2019-12-31", "?"),
        ("2004-XX~", "2004-01-01", "2004-12-31", "~"),
        ("2001-21%", "2001-03-01", "2001-05-31", "%"),
        ("..", "9999-12-31", "9999-12-31", ""),
        ("", "0001-01-01", "9999-12-31", ""),
    ],
)
def test_each_form_of_the_profile_has_its_first_and_last_day(
    text, earliest, latest, mark
):
    when = PartialDate(text)
    assert when == text
    assert (when.earliest, when.latest) == (
        date.fromisoformat(earliest),
        date.fromisoformat(latest),
    )
    assert when.mark == mark
    assert when.is_known == (text != "")
    assert when.is_ongoing == (text == "..")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "not known"),
        ("..", "still going on"),
        ("2008-09-16", "16 September 2008"),
        ("2025-02", "some day from 1 to 28 February 2025"),
        ("2009", "some day from 1 January to 31 December 2009"),
        ("[2025-02-01..2025-02-10]", "some day from 1 to 10 February 2025"),
        ("[2024-12..2025-01]", "some day from 1 December 2024 to 31 January 2025"),
        ("[..2009-10]", "by 31 October 2009"),
        ("[2007..]", "not before 1 January 2007"),
        ("[..9999]", "by 31 December 9999"),
        ("[0001..]", "not before 1 January 1"),
        ("0001-01-01", "1 January 1"),
        ("9999-12", "some day from 1 to 31 December 9999"),
        ("2009-03-28?", "28 March 2009 (the source is unsure)"),
        ("2009-03-28~", "28 March 2009 (an approximate date)"),
        ("2009-03-28%", "28 March 2009 (approximate, and the source is unsure)"),
    ],
)
def test_what_a_text_means_is_said_in_words(text, words):
    assert PartialDate(text).in_words == words


@pytest.mark.parametrize(
    ("text", "english", "spanish"),
    [
        ("201X", "the 2010s", "la década de 2010"),
        ("20XX", "a year from 2000 to 2099", "un año de 2000 a 2099"),
        ("2004-XX", "a month of 2004", "un mes de 2004"),
        ("1985-04-XX", "a day in April 1985", "un día de abril de 1985"),
        ("1985-XX-XX", "a day in 1985", "un día de 1985"),
        ("2001-21", "spring 2001", "primavera de 2001"),
        ("2001-22", "summer 2001", "verano de 2001"),
        ("2001-23~", "about autumn 2001", "hacia otoño de 2001"),
        ("2001-24", "winter 2001–2002", "invierno de 2001–2002"),
        ("2025-02?", "February 2025, perhaps", "febrero de 2025, quizá"),
    ],
)
def test_a_date_reads_as_people_write_it_in_both_languages(text, english, spanish):
    assert PartialDate(text).readable == english
    with override("es"):
        assert PartialDate(text).readable == spanish


@given(texts())
def test_parsing_what_was_parsed_changes_nothing(text):
    once = PartialDate(text)
    again = PartialDate(str(once))
    assert str(once) == str(again) == text
    assert type(str(once)) is str
    assert (once.earliest, once.latest) == (again.earliest, again.latest)
    assert once.mark == again.mark
    assert isinstance(once.in_words, str)


@given(texts())
def test_the_first_day_is_never_after_the_last(text):
    when = PartialDate(text)
    assert when.earliest <= when.latest


@given(texts_of_one())
@example("0001")
@example("9999")
@example("2024-02")
@example("2100-02")
def test_a_year_and_a_month_mean_each_of_their_days_and_no_other(text):
    when = PartialDate(text)
    for day in (when.earliest, when.latest):
        assert day.isoformat().startswith(text)
    if when.earliest > date.min:
        assert not (when.earliest - A_DAY).isoformat().startswith(text)
    if when.latest < date.max:
        assert not (when.latest + A_DAY).isoformat().startswith(text)


@given(st.dates(), texts())
def test_a_day_lies_in_the_bounds_of_each_text_that_names_it(day, text):
    for letters in (YEAR, MONTH, DAY):
        named = PartialDate(day.isoformat()[:letters])
        assert named.earliest <= day <= named.latest
    when = PartialDate(text)
    for end in text.strip("[]").split("..") if when[:1] == "[" else [text]:
        if named := end.rstrip("?~%").replace("..", ""):
            assert when.earliest <= PartialDate(named).latest
            assert when.latest >= PartialDate(named).earliest


@given(st.sampled_from([YEAR, MONTH, DAY]), st.dates(), st.dates())
def test_of_two_texts_of_one_precision_the_later_never_sorts_first(letters, one, other):
    first, second = sorted([one.isoformat()[:letters], other.isoformat()[:letters]])
    first, second = PartialDate(first), PartialDate(second)
    assert first.sort_key <= second.sort_key
    assert (first.sort_key == second.sort_key) == (first == second)
    assert first.earliest <= second.earliest
    assert first.latest <= second.latest


@given(st.lists(texts(), max_size=6))
def test_dates_are_sorted_by_their_first_then_their_last_day(several):
    ordered = sorted(map(PartialDate, several), key=lambda when: when.sort_key)
    ends = [(when.earliest, when.latest) for when in ordered]
    assert ends == sorted(ends)


@given(texts())
def test_a_copy_and_a_pickle_mean_the_same(text):
    when = PartialDate(text)
    copies = [
        copy.copy(when),
        copy.deepcopy(when),
        *(pickle.loads(pickle.dumps(when, p)) for p in range(2, 6)),  # noqa: S301  our own bytes
    ]
    for same in copies:
        assert type(same) is PartialDate
        assert same == when
        assert (same.sort_key, same.mark) == (when.sort_key, when.mark)


def test_a_date_or_a_year_given_as_such_is_read_as_its_text():
    assert PartialDate(date(2024, 4, 3)) == "2024-04-03"
    assert PartialDate(2024).latest == date(2024, 12, 31)
    assert PartialDate(PartialDate("2024-04")) == "2024-04"


# What is refused ------------------------------------------------------------

REMEDY = "write 2024, 2024-04 or 2024-04-03"


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2024",
        "3 Apr 24",
        "45385",
        "2020-10--",
        "2020-10-",
        "2024-1-1",
        "2024-W05",
        "2024-094",
        "20240403",
        "2013-00-00x",
        "10000",
        "24",
        "12/2024",
        "March 2024",
        "early 2025",
        "circa 2009",
        "2009??",
        "2009 ",
        " 2009",
        "2009\n",
        "2009\x00",
        "\uff12\uff10\uff10\uff19",
        "\u0662\u0660\u0660\u0669",
        "2009\u201303",
        "2009\u201003",
        "2009-03\u200b",
        "[]",
        "[..]",
        "[2024..2025",
        "2024..2025",
        "[2024...2025]",
        "[2024..2025]~",
        "...",
        ".",
        "-",
        "/",
        "none",
        "null",
        "NaN",
        "<script>",
        "'; DROP TABLE x; --",
        "\ud800",
    ],
)
def test_what_is_no_date_is_refused_with_what_would_be_right(text):
    error = refusal(text)
    assert error.code == "invalid"
    (message,) = error.messages
    assert f"“{text}”" in message
    assert REMEDY in message


OF_OTHER_EDTF = [
    "1XXX",
    "1XXX-XX",
    "XXXX-12-XX",
    "156X-12-25",
    "2001-25",
    "2001-41",
    "Y17000",
    "Y-17000",
    "Y-17E7",
    "1950S2",
    "-0044",
    "-1985-04",
    "-1985?",
    "{1960,1961}",
    "{1960..1965}",
    "{..1984}",
    "[201X..202X]",
    "[2001-21..2001-22]",
    "[1667,1668]",
    "[1667..1670,1672]",
    "2004-?06",
    "2004-06~-11",
    "?2004-06-~11",
    "2004-01-01T10:10:10",
    "2004-01-01T10:10:10Z",
]
OF_AN_EARLIER_DRAFT = ["2024?~"]
UNKNOWN_TO_THE_LIBRARY = ["[201X..202X]", "[2001-21..2001-22]"]


@pytest.mark.parametrize("text", [*OF_OTHER_EDTF, *OF_AN_EARLIER_DRAFT])
def test_edtf_that_is_not_kept_here_is_refused_as_such(text, capsys):
    if text not in (*OF_AN_EARLIER_DRAFT, *UNKNOWN_TO_THE_LIBRARY):
        assert edtf.parse_edtf(text)
    error = refusal(text)
    assert error.code == "outside_profile"
    (message,) = error.messages
    assert f"“{text}” is EDTF that is not supported here" in message
    assert REMEDY in message


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30",
        "2023-02-29",
        "1900-02-29",
        "2024-04-31",
        "2024-13",
        "2024-00",
        "2024-04-00",
        "2013-00-00",
        "2024-99~",
        "[2024-02-30..2024-03]",
        "[..2009-13]",
    ],
)
def test_a_day_that_never_was_is_refused_as_such(text):
    error = refusal(text)
    assert error.code == "no_such_day"
    assert error.messages == [
        f"“{text}” is not a day in the calendar; check its month and its day."
    ]


INTERVALS = {
    "2024/2025": ("2024", "2025"),
    "2024-04-03/2024-05": ("2024-04-03", "2024-05"),
    "2024-XX/202X": ("2024-XX", "202X"),
    "1985/..": ("1985", ".."),
    "../1985": ("", "1985"),
    "1985/": ("1985", ""),
    "/1985": ("", "1985"),
    "1984?/2004~": ("1984?", "2004~"),
}


@pytest.mark.parametrize(("text", "ends"), INTERVALS.items())
def test_an_interval_is_no_date_and_is_taken_apart_where_two_are_asked_for(text, ends):
    error = refusal(text)
    assert error.code == "interval"
    assert error.messages == [
        f"“{text}” is an interval; write its start and its end each in a field of its "
        "own, or [2024-04..2024-06] for one day in a range."
    ]
    assert interval_of(text) == ends
    assert all(PartialDate(end) == end for end in ends)


@pytest.mark.parametrize("text", ["0000", "0000-01", "[0000..]", "000X", "0000-21"])
def test_a_year_before_the_first_is_refused_as_such(text):
    error = refusal(text)
    assert error.code == "no_such_day"
    assert error.messages == [f"“{text}” names the year 0; years go from 0001 to 9999."]


def test_a_range_that_runs_backwards_or_is_none_is_refused():
    error = refusal("[2025-02-10..2025-02-01]")
    assert error.code == "backwards"
    assert error.messages == [
        "“[2025-02-10..2025-02-01]” ends before it begins; write the "
        "earlier date first."
    ]
    error = refusal("[2025-02..2025-02]")
    assert error.code == "no_range"
    assert error.messages == ["“[2025-02..2025-02]” is no range; write 2025-02."]
    assert PartialDate("2025-02")


@pytest.mark.parametrize(
    "text", ["9" * 1_000_000, "2024-01-01T" + "1" * 1_000_000, "[" * 100_000]
)
def test_a_text_without_end_is_refused_in_a_message_of_one_line(text):
    assert len(refusal(text).messages[0]) < 300


def test_a_moment_is_no_date():
    assert refusal(datetime(2024, 4, 3, 12, 30)).code == "invalid"


@given(st.text(alphabet="0123456789-/.?~%[]{}XYTESW, \n\u2212", max_size=26))
@example("2024-04\u221203")
def test_whatever_is_taken_for_a_date_is_one_of_the_profile_and_fits_its_column(text):
    try:
        when = PartialDate(text)
    except ValidationError as error:
        (message,) = error.messages
        assert f"“{text}”" in message
    else:
        assert len(text) <= PartialDate.MAX_LENGTH
        named = text.strip("[]").split("..")
        for end in named:
            digits = end.rstrip("?~%") if text == end else end
            if "X" in digits or SEASON.fullmatch(digits):
                continue  # what these are is said above
            assert not digits or date.fromisoformat(
                digits + "0001-01-01"[len(digits) :]
            )
        assert text in ("", "..") or when != ".."


# The edtf library says the same ---------------------------------------------


def day_of(bound, without):
    return without if bound in (float("inf"), -float("inf")) else date(*bound[:3])


@settings(max_examples=examples(80))
@given(st.one_of(texts_with_marks(), texts_of_ranges(mixed=False)))
@example("2024-02?")
@example("201X~")
@example("1985-04-XX")
@example("2001-22")
@example("[..2009-10]")
@example("[2007..]")
def test_the_edtf_library_reads_the_same_days(text):
    # It has no marks behind a season, and winters that end with December.
    season = SEASON.match(text)
    assume(not (season and (season["name"] == "24" or text != season[0])))
    oracle = edtf.parse_edtf(text)
    when = PartialDate(text)
    assert day_of(oracle.lower_strict(), date.min) == when.earliest
    assert day_of(oracle.upper_strict(), date.max) == when.latest


# The column -----------------------------------------------------------------


def test_only_an_end_can_still_go_on():
    assert PartialDateField(is_end=True).to_python("..").is_ongoing
    error = refusal("..", PartialDateField().to_python)
    assert error.code == "ongoing"
    assert "only an end can say so" in error.messages[0]


def test_a_column_keeps_its_settings_through_a_migration():
    for field in (PartialDateField(is_end=True), PartialDateField()):
        _name, path, args, kwargs = field.deconstruct()
        again = PartialDateField(*args, **kwargs)
        assert path == "provenance.values.dates.PartialDateField"
        assert again.is_end == field.is_end
        assert again.deconstruct()[1:] == field.deconstruct()[1:]


def test_a_column_of_dates_is_never_null():
    for model in (Appointment, AgencyName):
        for field in model._meta.concrete_fields:
            if field.name.startswith(("start", "end")):
                assert not field.null, field


class AppointmentForm(forms.ModelForm):
    class Meta:
        model = Appointment
        fields = ("slug", "official", "post", "kind", "start", "end", "status")


def filled_in(**values):
    return AppointmentForm(
        {
            "slug": "one",
            "official": make.an_official().pk,
            "post": make.a_post().pk,
            "kind": "acting",
            "status": "draft",
            **values,
        }
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"start": "03/04/2024"}, "start", REMEDY),
        ({"start": ".."}, "start", "only an end can say so"),
        ({"end": "2024/2025"}, "end", "is an interval"),
        ({"end": "Y17000"}, "end", "not supported here"),
        ({"end": "2024-02-30"}, "end", "is not a day in the calendar"),
        ({"start": "2019", "end": "2018"}, "__all__", "cannot end before it starts"),
    ],
)
def test_a_form_says_what_is_wrong_with_a_date_once_and_at_its_field(
    values, field, message
):
    form = filled_in(**values)
    assert not form.is_valid()
    assert list(form.errors) == [field]
    (error,) = form.errors[field]
    assert message in error


@pytest.mark.django_db
def test_a_form_takes_each_form_of_the_profile_and_saves_its_bounds():
    form = filled_in(start="[2025-02-01..2025-02-10]", end="..")
    assert form.is_valid(), form.errors
    form.save()
    found = Appointment.objects.values(
        "start", "start_earliest", "start_latest", "end", "end_earliest"
    )
    assert found.get() == {
        "start": "[2025-02-01..2025-02-10]",
        "start_earliest": date(2025, 2, 1),
        "start_latest": date(2025, 2, 10),
        "end": "..",
        "end_earliest": date.max,
    }


@pytest.mark.django_db
def test_a_date_comes_back_as_it_was_given():
    for text in ("2009", "2009-03~", "[..2009-10]", "[2007..]", "", "2008-09-16?"):
        source = make.a_source(published=text)
        source.refresh_from_db()
        assert source.published == text
        assert type(source.published) is PartialDate


@pytest.mark.django_db
def test_saving_what_is_no_date_writes_nothing():
    source = make.a_source(published="2009")
    source.published = "03/04/2024"
    with pytest.raises(ValidationError), transaction.atomic():
        source.save()
    source.refresh_from_db()
    assert source.published == "2009"


# Questions of time ----------------------------------------------------------


@pytest.fixture
def held(db):
    """Makes an appointment from one date to another."""
    return lambda start="", end="": make.an_appointment(start=start, end=end)


def found(queryset, record):
    return queryset.filter(pk=record.pk).exists()


def is_possible(record, when):
    return found(type(record).objects.as_of(when), record)


def is_likely(record, when):
    queryset = type(record).objects.as_of(when, certainty=Certainty.LIKELY)
    return found(queryset, record)


def is_definite(record, when):
    queryset = type(record).objects.as_of(when, certainty=Certainty.DEFINITE)
    return found(queryset, record)


def test_an_appointment_that_ended_in_a_year_may_have_held_on_any_day_of_it(held):
    appointment = held("2011-05", "2013")
    assert appointment.holds("2013-01-01") == "yes"  # the first day that could end it
    for day in ("2013-01-02", "2013-06", "2013-06-15", "2013-12-31", "2013"):
        assert appointment.holds(day) == "maybe"
        assert is_possible(appointment, day)
        assert not is_definite(appointment, day)
    for day in ("2014", "2014-01-01", "2026-11-30"):
        assert appointment.holds(day) == "no"
        assert not is_possible(appointment, day)


def test_an_end_in_a_year_is_not_over_on_its_first_of_january(held):
    assert is_possible(held("2024", "2026"), "2026-11-30")
    assert is_possible(held("2024", "2026-11"), "2026-11-30")


def test_what_ended_long_ago_does_not_stay_current(held):
    ended = held("2015", "2019")
    assert not is_possible(ended, date.today().isoformat())
    assert ended.holds("2020") == "no"


def test_nothing_holds_before_it_starts(held):
    appointment = held("2009-03-16", "..")
    assert appointment.holds("2009-03-15") == "no"
    assert appointment.holds("2009-03-16") == "yes"
    assert not is_possible(appointment, "2009-03-15")


def test_a_start_known_only_by_its_year_is_found_from_any_day_of_that_year(held):
    appointment = held("2009", "2012")
    assert is_possible(appointment, "2009-02-01")
    assert not is_definite(appointment, "2009-02-01")
    assert is_definite(appointment, "2010-01-01")


def test_between_a_certain_start_and_a_certain_end_it_definitely_held(held):
    appointment = held("2009-03", "2012-11-30")
    assert appointment.holds("2010") == "yes"
    assert is_definite(appointment, "2010")
    assert is_definite(appointment, "2009-03-31")
    assert is_definite(appointment, "2012-11-30")
    assert not is_definite(appointment, "2009-03-30")
    assert not is_definite(appointment, "2012-12")
    assert not is_definite(appointment, "2009")
    assert appointment.holds("2009") == "maybe"


@pytest.mark.parametrize("mark", ["?", "~", "%"])
def test_what_is_unsure_or_approximate_is_never_definite(held, mark):
    for appointment in (
        held(f"2009-03{mark}", "2012"),
        held("2009-03", f"2012{mark}"),
    ):
        assert is_possible(appointment, "2010")
        assert not is_definite(appointment, "2010")
        assert is_likely(appointment, "2010")
        assert appointment.holds("2010") == "likely"
        assert appointment.holds("2009") == "maybe"
        assert appointment.holds("2008") == appointment.holds("2013") == "no"


def test_what_still_goes_on_is_definite_and_an_unknown_end_never_is(held):
    assert held("2009", "..").holds("2026") == "yes"
    assert is_definite(held("2009", ".."), "2026")
    for appointment in (held("2009", ""), held("2009", "[2012..]"), held("", "..")):
        assert appointment.holds("2026") == "maybe"
        assert is_possible(appointment, "2026")
        assert not is_definite(appointment, "2026")


def test_what_ended_by_a_date_does_not_hold_after_it(held):
    appointment = held("", "[..2009-10]")
    assert appointment.holds("2009-10-31") == "maybe"
    assert appointment.holds("2009-11") == "no"


def test_during_takes_one_date_or_a_first_and_a_last(held):
    appointment = held("2009-03", "2009-10")
    for during in (("2009",), ("2009-10-31",), ("2008", "2009-03-01"), ("", "2009")):
        assert found(Appointment.objects.during(*during), appointment), during
    for during in (("2008",), ("2009-11",), ("2009-11", "2012"), ("2001", "2009-02")):
        assert not found(Appointment.objects.during(*during), appointment), during


def test_what_may_have_been_on_any_day_of_a_year_definitely_was_in_that_year(held):
    call = make.a_meeting(start="2025-02")
    for record in (call, held("2025", "2025"), held("2025", ""), held("", "2025")):
        for during, definite in (
            (("2025",), True),
            (("2024", "2026"), True),
            (("2025-02-01", "2025-02-14"), False),
            (("2026",), False),
        ):
            queryset = type(record).objects.during(*during, certainty="definite")
            assert found(queryset, record) == definite, during
    unsure = make.a_meeting(start="2025-02?")
    assert found(Meeting.objects.during("2025"), unsure)
    assert not found(Meeting.objects.during("2025", certainty="definite"), unsure)


def test_a_question_about_no_date_is_refused(held):
    appointment = held("2009", "2010")
    for ask in (
        Appointment.objects.during,
        Appointment.objects.as_of,
        appointment.holds,
    ):
        assert refusal("03/04/2024", ask).code == "invalid"


def test_a_point_event_ends_when_it_starts_and_a_state_does_not(db):
    call = make.a_meeting(start="2025-02")
    assert (call.end_earliest, call.end_latest) == (date(2025, 2, 1), date(2025, 2, 28))
    assert call.end == ""
    assert is_possible(call, "2025-02-14")
    assert not is_possible(call, "2025-03")
    assert call.holds("2025-03") == "no"
    deployment = make.a_deployment(start="2025-02")
    assert is_possible(deployment, "2026")
    assert deployment.holds("2026") == "maybe"
    assert not is_definite(deployment, "2026")


def test_a_point_event_on_a_known_day_definitely_was_on_that_day(db):
    call = make.a_meeting(start="2025-02-05")
    assert call.holds("2025-02-05") == "yes"
    assert is_definite(call, "2025-02-05")
    assert not is_definite(make.a_meeting(start="2025-02-05?"), "2025-02-05")
    assert not is_definite(make.a_meeting(start="2025-02"), "2025-02-05")


def test_a_point_event_may_last_if_it_says_so(db):
    workshop = make.a_meeting(start="2025-02-05", end="2025-02-07")
    assert workshop.holds("2025-02-06") == "yes"
    assert workshop.end_latest == date(2025, 2, 7)


def test_each_date_of_a_pair_rules_out_days_of_the_other(held):
    exercise = held("2006", "2006-08-09")
    assert exercise.days == (
        *(date(2006, 1, 1), date(2006, 8, 9)),
        *(date(2006, 8, 9), date(2006, 8, 9)),
    )
    assert exercise.holds("2006-08-09") == "yes"
    assert is_definite(exercise, "2006-08-09")
    assert not is_definite(exercise, "2006-08-08")
    later = held("1980-06-28", "1980-06")
    assert later.holds("1980-06-28") == "yes"
    assert is_definite(later, "1980-06-28")
    assert not is_definite(later, "1980-06-29")
    # What began on a day was on that day, whenever it ended.
    assert is_definite(held("2009-03-16", ""), "2009-03-16")
    assert not is_definite(held("2009-03-16", ""), "2009-03-17")


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2006", "2006-08-09"),
        ("1980-06-28", "1980-06"),
        ("2006-08-09", "2006"),
        ("201X", "2010-03"),
        ("2001-24", "2001-12-01"),
        ("2004-XX", "2004-06-XX"),
        ("2006-08-09~", "2006-08-09"),
    ],
)
def test_a_start_that_may_be_before_the_end_is_taken(db, start, end):
    form = filled_in(start=start, end=end)
    assert form.is_valid(), form.errors


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2006", "2005"),
        ("2006-08-10", "2006-08-09"),
        ("2002-01", "2001-23"),
        ("201X", "2009"),
        ("[2007..]", "2006"),
        ("..", "2006"),
    ],
)
def test_a_start_that_must_be_after_the_end_is_refused(db, start, end):
    assert not filled_in(start=start, end=end).is_valid()


WEEKS = [date(2001, 11, 20) + n * A_DAY for n in range(24)]


def days_named(text):
    """The days of the weeks that a text can mean, found by looking at each."""
    named = text.rstrip("?~%")
    if not named:
        return WEEKS
    if named.startswith("["):
        low, high = named[1:-1].split("..")
        return [
            day
            for day in WEEKS
            if (not low or day.isoformat()[: len(low)] >= low)
            and (not high or day.isoformat()[: len(high)] <= high)
        ]
    seasons = {"2001-23": (9, 10, 11), "2001-24": (12, 1, 2)}
    pattern = re.compile(named.replace("X", "[0-9]") + ".*")
    return [
        day
        for day in WEEKS
        if (
            day.month in seasons[named]
            if named in seasons
            else pattern.fullmatch(day.isoformat())
        )
    ]


def texts_in_those_weeks():
    day = st.sampled_from(WEEKS).map(date.isoformat)
    vague = st.sampled_from(
        ["2001-11", "2001-12", "2001-11-XX", "2001-12-XX", "2001-23", "2001-24", ""]
    )
    ranges = st.builds(
        lambda one, other: f"[{min(one, other)}..{max(one, other)}]", day, day
    )
    half_open = st.builds(str.format, st.sampled_from(["[{}..]", "[..{}]"]), day)
    ranges = ranges.filter(lambda text: text[1:11] != text[13:-1])
    marks = st.sampled_from(["", "", "", "?"])
    return st.builds(str.__add__, day | vague.filter(bool), marks) | (
        vague | ranges | half_open
    )


@settings(max_examples=examples(100))
@given(
    texts_in_those_weeks(),
    texts_in_those_weeks(),
    st.sampled_from(WEEKS[:-3]),
    st.integers(0, 3),
)
def test_what_holds_is_what_looking_at_every_pair_of_days_finds(
    start, end, first, length
):
    lives = [
        (begun, ended)
        for begun in days_named(start)
        for ended in days_named(end)
        if begun <= ended
    ]
    assume(lives)
    assume(start and end)  # what is open goes on beyond the weeks that are looked at
    last = first + length * A_DAY
    asked = f"[{first}..{last}]" if length else f"{first}"
    on_some = any(begun <= last and ended >= first for begun, ended in lives)
    on_all = all(begun <= first and ended >= last for begun, ended in lives)
    sure = "likely" if "?" in start + end else "yes"
    expected = sure if on_all else "maybe" if on_some else "no"
    assert Appointment(start=start, end=end).holds(asked) == expected


def lives(record):
    """From when to when it may have lasted, in all the ways that are extreme."""
    start, end = (record.bounded_text(name) for name in record.span)
    days = {start.earliest, start.latest, end.earliest, end.latest}
    return [
        (first, last)
        for first in days
        for last in days
        if first <= last
        and start.earliest <= first <= start.latest
        and end.earliest <= last <= end.latest
    ]


@pytest.mark.django_db
@settings(max_examples=examples(60))
@given(texts(), texts(), texts(), st.booleans())
def test_what_a_record_says_of_a_date_is_what_its_list_says(start, end, when, lasts):
    assume(start != "..")
    maker = make.an_appointment if lasts else make.a_meeting
    with transaction.atomic():
        try:
            with transaction.atomic():
                record = maker(start=start, end=end)
        except IntegrityError as error:
            # Only what ends before it can start is kept out.
            assert "start_before_end" in str(error)
            assert PartialDate(start).earliest > PartialDate(end).latest
            return
        answer = record.holds(when)
        assert is_possible(record, when) == (answer != "no")
        assert is_definite(record, when) == (answer == "yes")
        assert is_likely(record, when) == (answer in ("yes", "likely"))
        asked, unmarked = PartialDate(when), not (record.start.mark or record.end.mark)
        met = [
            first <= asked.latest and last >= asked.earliest
            for first, last in lives(record)
        ]
        assert any(met) == (answer != "no")
        throughout = [
            first <= asked.earliest and last >= asked.latest
            for first, last in lives(record)
        ]
        assert (answer == "yes") == (unmarked and all(throughout))
        definitely = type(record).objects.during(when, certainty=Certainty.DEFINITE)
        assert found(definitely, record) == (unmarked and all(met))
        transaction.set_rollback(True)
