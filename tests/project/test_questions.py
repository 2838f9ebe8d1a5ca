"""What analysts ask of the record is answered by one page, or by one request."""

import html
import re

import pytest
from django.test import Client

from tests import PROJECT

PAGE = (PROJECT / "docs" / "questions.md").read_text(encoding="utf-8")
QUESTION = re.compile(
    r"^\d+\. (?P<question>[^`]+\?)\n\s+`(?P<address>[^`]+)`:(?P<answer>(?s:.+?))\.$",
    re.M,
)
QUESTIONS = [found.groupdict() for found in QUESTION.finditer(PAGE)]
UNSEEN = re.compile(r"(?s)<(script|style|head|desc|title)\b.*?</\1>|<[^>]+>")


def said(text):
    """The names in bold that an answer has."""
    return [" ".join(name.split()) for name in re.findall(r"\*\*(.+?)\*\*", text, re.S)]


def read_as(kind, text):
    """What somebody reads who gets this text, of a content type."""
    if kind.startswith("text/html"):
        text = html.unescape(UNSEEN.sub(" ", text))
    return re.sub(r"\s+([,.;:])", r"\1", " ".join(text.split()))


def test_there_are_25_of_them_at_the_least_and_each_is_read_here():
    assert len(QUESTIONS) == len(re.findall(r"^\d+\. ", PAGE, re.M)) >= 25


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked["question"])
def test_each_is_answered_where_it_says(asked, record):
    answer = Client().get(asked["address"])
    assert answer.status_code == 200
    text = read_as(answer["Content-Type"], answer.content.decode()).casefold()
    assert said(asked["answer"])
    for name in said(asked["answer"]):
        assert name.casefold() in text
