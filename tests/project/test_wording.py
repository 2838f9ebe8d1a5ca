"""Holds that curators and readers meet the terms of the field, and no private ones."""

import re

import pytest

from tests import PROJECT
from tests.messages import translated

# What once stood on a page or in a message, and the term that users know for it.
TERMS = {
    "For another look": "Needs re-check",
    "Values to look at again": "Needs re-check",
    "You are entering": "Current source",
    "Lay it down": "Stop citing this source",
    "values that no source is cited for": "Missing citations",
    "Incumbents not heard of": "Possibly outdated appointments",
    "not heard of for a year": "Possibly outdated appointments",
    "Who says so": "Sources and provenance",
    "Let the other one stay": "Swap: keep the other",
    "Mend the file": "Fix the file",
    "mend it": "correct it",
    "parted by": "delimiter",
    "Show what it would do": "Preview",
    "Write it to the record": "Confirm import",
    "Why they contradict each other": "Assessment of the selected statement",
    "What rests on": "Impact if retracted",
    "told apart": "same name, no distinguishing data",
    "answers to this": "No events match these filters.",
    "record as a whole": "Record",
    "How many events began": "Events per year",
    "What was observed": "Observations",
    "What was measured there": "Observations",
    "says otherwise": "disagrees",
    "say otherwise": "disagree",
    "feeds nothing": "ignored",
    "foreign column": "column of the file",
    "a day that never was": "not a day in the calendar",
    "runs backwards": "ends before it begins",
    "round in a circle": "circular reference",
    "is none of the words": "is not a valid choice",
    "stands in the way": "why it cannot be done",
    "speaks of it": "mentions it",
}
# Labels that were one word too private to be understood alone.
LABELS = {
    "scope": "different scope",
    "stale": "outdated source",
    "unconfirmed": "needs re-check",
    "holder": "different holder",
}
TEMPLATES = sorted(
    path
    for app in ("entities", "provenance", "timeline")
    for folder in ("templates", "overrides")
    for path in (PROJECT / app / folder).rglob("*.html")
)


def messages():
    """Every message that is shown, in all of its forms."""
    for message in translated("es"):
        yield from [message.id] if isinstance(message.id, str) else message.id


def former(text):
    """The former terms that a text has."""
    return [
        term
        for term in TERMS
        if re.search(rf"\b{re.escape(term)}\b", text, re.IGNORECASE)
    ]


def test_no_message_has_a_former_term():
    found = {text: terms for text in messages() if (terms := former(text))}
    assert found == {}


def test_no_label_is_a_former_one():
    assert LABELS.keys() & set(messages()) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_a_former_term(path):
    assert former(path.read_text(encoding="utf-8")) == []


def test_the_theme_searches_the_record():
    there = "unfold/helpers/search.html"
    text = (PROJECT / "provenance/overrides" / there).read_text(encoding="utf-8")
    assert '{% translate "Search the record" %}' in text


@pytest.mark.parametrize("term", [*TERMS.values(), *LABELS.values()])
def test_no_term_that_is_used_instead_is_a_former_one(term):
    assert former(term) == []
