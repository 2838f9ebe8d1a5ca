"""The README: what it prints works as printed."""

import re
import shlex
from pathlib import Path

import pytest

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
CURLS = re.findall(r"^curl .+$", README, re.MULTILINE)


def test_it_asks_six_questions():
    assert len(CURLS) == 6


@pytest.mark.parametrize("line", CURLS)
def test_each_question_is_answered(api, record, line):
    _curl, url = shlex.split(line)
    path = url.removeprefix("http://127.0.0.1:8000")
    answer = api.get(path)
    assert answer.status_code == 200, answer.content
    assert answer.json()["results"]


def test_the_front_door_leads_to_the_documentation(client):
    answer = client.get("/")
    assert (answer.status_code, answer["Location"]) == (302, "/api/v1/docs/")
