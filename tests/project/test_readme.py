"""The README: what it prints works as printed."""

import io
import re
import shlex

import pytest
from django.core.management import call_command
from django.utils import timezone

from entities.models import Place
from tests import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CURLS = re.findall(r"^curl '.+$", README, re.MULTILINE)


def test_it_asks_nine_questions():
    assert len(CURLS) == 9


@pytest.mark.parametrize("line", CURLS)
def test_each_question_is_answered(api, record, line):
    _curl, url = shlex.split(line)
    path = url.removeprefix("http://127.0.0.1:8000")
    answer = api.get(path)
    assert answer.status_code == 200, answer.content
    assert answer.json()["results"]


def test_what_was_said_on_a_day_is_answered(api, record):
    (url,) = re.findall(r'^curl "http://127.0.0.1:8000(.+)"$', README, re.MULTILINE)
    answer = api.get(url.replace("$(date -u +%F)", f"{timezone.now():%Y-%m-%d}"))
    assert answer.json()["results"]


def test_a_program_writes_as_it_says(api, db, django_user_model):
    django_user_model.objects.create_superuser("writer")
    token = io.StringIO()
    call_command("api_token", "writer", stdout=token, stderr=io.StringIO())
    lines = re.findall(r"^curl -X (?:.*\\\n)*.*$", README, re.MULTILINE)
    statuses = []
    for line in lines:
        words = shlex.split(line.replace("…", token.getvalue().split()[-1]))
        headers = dict(
            words[place + 1].split(": ", 1)
            for place, word in enumerate(words)
            if word == "-H"
        )
        answer = api.generic(
            words[words.index("-X") + 1],
            words[-1].removeprefix("http://127.0.0.1:8000"),
            data=words[words.index("-d") + 1],
            content_type=headers.pop("Content-Type"),
            headers=headers,
        )
        statuses.append(answer.status_code)
    assert statuses == [201, 200], answer.content
    assert answer.json()["latitude"] == 31.76
    changed, made = Place.history.filter(slug="el-paso")
    assert (made.version, changed.version) == (1, 2)
    assert made.history_change_reason == "first entry"


def test_a_program_sends_a_table_as_it_says(api, record, django_user_model):
    django_user_model.objects.create_superuser("writer")
    token = io.StringIO()
    call_command("api_token", "writer", stdout=token, stderr=io.StringIO())
    (line,) = re.findall(r"^curl --data-binary (?:.*\\\n)*.*$", README, re.MULTILINE)
    line = line.replace("\\\n", "").replace("…", token.getvalue().split()[-1])
    _curl, _data, file, *words = shlex.split(line)
    headers = dict(word.split(": ", 1) for word in words[1:-1:2])
    answer = api.generic(
        "POST",
        words[-1].removeprefix("http://127.0.0.1:8000"),
        data=(PROJECT / file.removeprefix("@")).read_bytes(),
        content_type=headers.pop("Content-Type"),
        headers=headers,
    )
    assert answer.status_code == 200, answer.content
    assert answer.json()["counts"]["same"] == answer.json()["rows"] > 0


@pytest.mark.django_db
def test_the_front_door_is_the_timeline_and_leads_to_the_documentation(client):
    answer = client.get("/")
    assert answer.status_code == 200
    assert 'href="/api/v1/docs/"' in answer.content.decode()
