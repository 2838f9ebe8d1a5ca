"""The page *Add a kind of record*, followed word for word in a copy of the project."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from django.db import connection

from tests import PROJECT
from tests.depth import in_depth

pytestmark = [
    in_depth("It copies the project and starts programs in it."),
    pytest.mark.skipif(
        connection.vendor != "sqlite",
        reason="The copy is on SQLite, whatever the tests are on.",
    ),
]

PAGE = (PROJECT / "docs" / "add-a-kind.md").read_text(encoding="utf-8")
# A block of code, and before it what is done with it to which file; or a command.
STEP = re.compile(
    r"^(?:(?P<what>Write|Import in|End the operations of) `(?P<path>[^`]+)`.*:\n\n)?"
    r"```(?P<language>python|text|sh)\n(?P<text>(?s:.*?))^```$",
    re.MULTILINE,
)
IMPORT = re.compile(r"^(?:from|import) (?:[^(\n]*|[^(\n]*\([^)]*\))\n", re.MULTILINE)


class Copy:
    """A copy of the project, in which the steps of the page are taken."""

    def __init__(self, folder, database):
        self.folder, self.database = folder, database
        for name in ("bordersec", "timeline", "entities", "provenance", "tests"):
            ignored = shutil.ignore_patterns("unsquashed")
            shutil.copytree(PROJECT / name, folder / name, ignore=ignored)
        shutil.copy(PROJECT / "manage.py", folder)

    def run(self, *words):
        """What a program of Python prints in it."""
        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{self.database}",
            "DJANGO_SETTINGS_MODULE": "bordersec.settings",
            "DEBUG": "1",
            "SECRET_KEY": "only-for-tests",
            "ALLOWED_HOSTS": "testserver",
            "PYTHONPATH": str(self.folder),
        }
        done = subprocess.run(
            [sys.executable, *words],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def take(self, what, path, language, text):
        """Takes a step: it runs a command, or writes something into a file."""
        if language == "sh":
            return self.run(*text.split()[1:])
        if what == "Write":
            return (self.folder / path).write_text(text, encoding="utf-8")
        (file,) = self.folder.glob(path)
        before = file.read_text(encoding="utf-8")
        if what == "Import in":
            place = [found.end() for found in IMPORT.finditer(before)][-1]
        else:
            place = before.rindex("    ]\n")
        after = before[:place] + text + before[place:]
        return file.write_text(after, encoding="utf-8")


@pytest.fixture(scope="module")
def answers(tmp_path_factory, django_db_setup, django_db_blocker, templates):
    """What a project says of the kind ``visits`` once the steps are taken."""
    folder = tmp_path_factory.mktemp("project")
    with django_db_blocker.unblock(), templates.file(folder) as database:
        copy = Copy(folder, database)
        for step in STEP.finditer(PAGE):
            copy.take(**step.groupdict())
        return json.loads(copy.run("-m", "tests.added_kind"))


def test_the_new_kind_has_its_collection_and_its_table(answers):
    assert answers["api"] == "To Nogales"
    assert answers["about"] == "Visits: which official was where, and when."
    assert {"purpose", "official", "place", "source", "q", "as_of"} <= set(
        answers["parameters"]
    )
    assert answers["csv"].splitlines() == [
        "slug,title,purpose,official,place,start,end,public_note,holds",
        "a,To Nogales,inspection,a,a,2025-03,,,maybe",
    ]
    assert answers["record"] == [True] * 4
    assert answers["dictionary"]


def test_the_new_kind_has_its_pages_and_its_admin(answers):
    shown = {name: answers[name] for name in ("list", "page", "found", "sitemap")}
    assert all(shown.values()), shown
    assert answers["admin"]


def test_the_new_kind_has_its_history_its_index_and_its_roles(answers):
    assert answers["history"] == 1
    assert {
        "timeline_historicalvisit_no_delete",
        "timeline_historicalvisit_no_update",
        "timeline_historicalvisitcitation_no_delete",
        "timeline_visit_words",
        "timeline_visit_words_new",
    } <= set(answers["database"])
    assert "view_visit" in answers["roles"]["viewer"]
    assert "add_visit" in answers["roles"]["curator"]
    assert "add_visitcitation" in answers["roles"]["curator"]
