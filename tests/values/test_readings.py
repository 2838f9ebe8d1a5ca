"""Prose is offered as what it may mean, in the form that is recorded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.values.dates import PartialDate
from provenance.values.humanize import offered
from provenance.values.quantities import Quantity
from provenance.values.readings import intervals_of, readings_of

DATES = {
    "18 March 2025": ["2025-03-18"],
    "18th of March, 2025": ["2025-03-18"],
    "March 18, 2025": ["2025-03-18"],
    "Mar. 18 2025": ["2025-03-18"],
    "18 de marzo de 2025": ["2025-03-18"],
    "1º de Septiembre del 2025": ["2025-09-01"],
    "18.03.2025": ["2025-03-18"],
    "2025/3/18": ["2025-03-18"],
    # Nobody knows whether the day or the month comes first.
    "03/04/2024": ["2024-04-03", "2024-03-04"],
    "18/03/2025": ["2025-03-18"],
    "03/18/2025": ["2025-03-18"],
    "March 2025": ["2025-03"],
    "marzo de 2025": ["2025-03"],
    "mid-March 2025": ["[2025-03-11..2025-03-20]"],
    "Early March 2025": ["[2025-03-01..2025-03-10]"],
    "late February 2024": ["[2024-02-21..2024-02-29]"],
    "a mediados de marzo de 2025": ["[2025-03-11..2025-03-20]"],
    "early 2009": ["[2009-01..2009-04]"],
    "mid-2009": ["[2009-05..2009-08]"],
    "finales de 2009": ["[2009-09..2009-12]"],
    "Q3 2020": ["[2020-07..2020-09]"],
    "2020 Q3": ["[2020-07..2020-09]"],
    "the first half of 2020": ["[2020-01..2020-06]"],
    "segundo trimestre de 2021": ["[2021-04..2021-06]"],
    "the 1990s": ["199X"],
    "los años 1990": ["199X"],
    "about the 1990s": ["199X~"],
    "before the 1990s": ["[..1989]"],
    "since the 1990s": ["[1990..]"],
    "201x": ["201X"],
    "spring 2001": ["2001-21"],
    "Spring of 2001": ["2001-21"],
    "verano de 2001": ["2001-22"],
    "otoño 2001": ["2001-23"],
    "by fall 2001": ["[..2001-11]"],
    # Nobody knows whether its January is that of the year or of the next one.
    "winter 2001": ["2001-24", "2000-24"],
    "winter 2001-02": ["2001-24"],
    "invierno de 2001/2002": ["2001-24"],
    "winter 2001-05": [],
    "about March 2020": ["2020-03~"],
    "c. 1994": ["1994~"],
    "hacia 1994": ["1994~"],
    "possibly 2009": ["2009?"],
    "by 2009": ["[..2009]"],
    "hasta marzo de 2025": ["[..2025-03]"],
    "before 2009": ["[..2008]"],
    "before March 2025": ["[..2025-02]"],
    "before 1 January 2025": ["[..2024-12-31]"],
    "since 2009": ["[2009..]"],
    "después de enero de 2025": ["[2025-02..]"],
    "between 2009 and 2011": ["[2009..2011]"],
    "2009–2011": ["[2009..2011]"],
    "3 to 5 May 2020": ["[2020-05-03..2020-05-05]"],
    "March 3-5, 2020": ["[2020-03-03..2020-03-05]"],
    "del 3 al 5 de mayo de 2020": ["[2020-05-03..2020-05-05]"],
    "May 3 to June 5, 2020": ["[2020-05-03..2020-06-05]"],
    "March to May 2020": ["[2020-03..2020-05]"],
    "3.4.2024": ["2024-04-03"],  # with a point the day is first
    "2024/3/4": ["2024-03-04"],
    "fourth quarter of 2020": ["[2020-10..2020-12]"],
    "3 de mayo al 5 de junio de 2020": ["[2020-05-03..2020-06-05]"],
    "3 May to 5 June 2020": ["[2020-05-03..2020-06-05]"],
    "first half of 2019 to first half of 2020": ["[2019-01..2020-06]"],
    "before the second half of 2020": ["[..2020-06]"],
    "after early 2020": ["[2020-05..]"],
    "after October 2020": ["[2020-11..]"],
    "about early 2020": ["[2020-01..2020-04]"],  # which is vague already
    "present": [".."],
    "en la actualidad": [],
    # What says no date, or says it already.
    "2025-03-18": [],
    "2025": [],
    "31 February 2020": [],
    "13/13/2020": [],
    "18 March": [],
    "03/04/24": [],
    "2024/3/114": [],
    "123/4/2024": [],
    "24/3/4": [],
    "third half of 2020": [],
    "another half of 2020": [],
    "fifth quarter of 2020": [],
    "soon": [],
    "": [],
}
QUANTITIES = {
    "about 1,500": ["~1500"],
    "unos 15 mil": ["~15000"],
    "at least 30,000": [">=30000"],
    "30,000 or more": [">=30000"],
    "más de 2 millones": [">2000000"],
    "fewer than 500": ["<500"],
    "up to 500": ["<=500"],
    "10,000-15,000": ["10000..15000"],
    "10,000 to 15,000": ["10000..15000"],
    "entre 10 y 15 mil": ["10000..15000"],
    "15000.0": ["15000"],
    "10 000": ["10000"],
    "1.5 million": ["1500000"],
    "1.23456 million": ["1234560"],
    "1.2345 thousand": [],  # half a one is nobody
    "1.234.567,89": ["1234567.89"],
    "1,5": ["1.5"],
    "-1,500.50": ["-1500.5"],
    "-0.0": ["0"],
    "007.0": ["7"],
    # A point parts thousands in Spanish, and decimals in English.
    "1.500": ["1500", "1.5"],
    "15000": [],
    "~15000": [],
    "many": [],
    "": [],
}
LANGUAGES = {"English": ["en"], "español": ["es"], "Inglés": ["en"], "es": [], "?": []}


@pytest.mark.parametrize(
    ("kind", "text", "readings"),
    [
        (kind, text, readings)
        for kind, texts in (
            ("date", DATES),
            ("quantity", QUANTITIES),
            ("language", LANGUAGES),
        )
        for text, readings in texts.items()
    ],
)
def test_prose_is_read_as_people_write_it(kind, text, readings):
    assert readings_of(kind, text) == readings


WORDS = st.sampled_from(
    [
        *(word for text in (*DATES, *QUANTITIES) for word in text.split()),
        *("-", "–", "..", "/", ",", ".", "~", ">", "0", "1", "9", "99", "1999"),
        *("0000", "12345678901234567890", "a", "de"),
    ]
)


@given(st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=40))
def test_whatever_is_offered_is_taken(text):
    for kind, value in (("date", PartialDate), ("quantity", Quantity)):
        for reading in readings_of(kind, text):
            assert str(value(reading)) == reading


def test_an_offer_says_what_it_means():
    assert offered("date", "mid-March 2025") == [
        {
            "text": "[2025-03-11..2025-03-20]",
            "meaning": "some day from 11 to 20 March 2025",
        }
    ]


SPANS = {
    "2004/2006-08-09": [("2004", "2006-08-09")],
    "2004-XX/..": [("2004-XX", "..")],
    "/201X": [("", "201X")],
    "2004 to 2006": [("2004", "2006")],
    "from March to May 2020": [("2020-03", "2020-05")],
    "del 3 al 5 de mayo de 2020": [("2020-05-03", "2020-05-05")],
    "2009 - present": [("2009", "..")],
    "2009 a la actualidad": [("2009", "..")],
    "spring 2001 to 2003": [("2001-21", "2003")],
    "03/04/2024 to 2025": [("2024-04-03", "2025"), ("2024-03-04", "2025")],
    "2004": [],
    "2004/Y17000": [],
    "early March 2025": [],
}


@pytest.mark.parametrize(("text", "spans"), SPANS.items())
def test_two_dates_are_read_as_a_start_and_an_end(text, spans):
    assert intervals_of(text) == spans


def test_where_a_start_and_an_end_are_asked_for_both_are_offered_together():
    meaning = (
        "from some day from 1 January to 31 December 2004 "
        "to some day from 1 January to 31 December 2006"
    )
    both = {"text": "2004", "beside": "2006", "meaning": meaning}
    one_day = {
        "text": "[2004..2006]",
        "meaning": "some day from 1 January 2004 to 31 December 2006",
    }
    assert offered("start", "2004 to 2006") == [both, one_day]
    turned = both | {"text": "2006", "beside": "2004"}
    assert offered("end", "2004 to 2006") == [turned, one_day]
    assert offered("date", "2004 to 2006") == [one_day]
    assert [offer["text"] for offer in offered("start", "2004/2006")] == ["2004"]


@pytest.mark.parametrize(("kind", "readings"), [("date", 0), ("end", 1)])
def test_only_an_end_is_offered_as_going_on(kind, readings):
    assert len(offered(kind, "present")) == readings


def test_a_very_long_text_is_not_read_to_its_end():
    assert offered("date", "March " * 100_000) == []
