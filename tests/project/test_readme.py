"""README and docs: what they print works as printed, and their links lead on."""

import io
import re
import shlex

import pytest
from django.core.management import call_command
from django.utils import timezone

from entities.models import Place
from tests import PROJECT


def _text(path):
    return (PROJECT / path).read_text(encoding="utf-8")


README, API = _text("README.md"), _text("docs/api.md")
QUESTION = re.compile(r"^curl '.+$", re.MULTILINE)
PAGES = [
    path.relative_to(PROJECT).as_posix()
    for path in [*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")]
]


def test_it_asks_five_questions_and_the_page_of_the_api_nine():
    assert len(QUESTION.findall(README)) == 5
    assert len(QUESTION.findall(API)) == 9


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_and_a_heading(page):
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", _text(page)):
        path, _hash, anchor = target.partition("#")
        file = (PROJECT / page).parent / path if path else PROJECT / page
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^a-z0-9]+", "-", h.lower()) for h in headings}


@pytest.mark.parametrize("line", sorted({*QUESTION.findall(README + API)}))
def test_each_question_is_answered(api, record, line):
    _curl, url = shlex.split(line)
    path = url.removeprefix("http://127.0.0.1:8000")
    answer = api.get(path)
    assert answer.status_code == 200, answer.content
    assert answer.json()["results"]


def test_what_was_said_on_a_day_is_answered(api, record):
    (url,) = re.findall(r'^curl "http://127.0.0.1:8000(.+)"$', API, re.MULTILINE)
    answer = api.get(url.replace("$(date -u +%F)", f"{timezone.now():%Y-%m-%d}"))
    assert answer.json()["results"]


def test_a_program_writes_as_it_says(api, db, django_user_model):
    django_user_model.objects.create_superuser("writer")
    token = io.StringIO()
    call_command("api_token", "writer", stdout=token, stderr=io.StringIO())
    lines = re.findall(r"^curl -X (?:.*\\\n)*.*$", API, re.MULTILINE)
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
    page = _text("docs/moving-data.md")
    (line,) = re.findall(r"^curl --data-binary (?:.*\\\n)*.*$", page, re.MULTILINE)
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
