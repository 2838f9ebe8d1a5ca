"""Several editors at once, by every door: nothing accepted is lost or written over.

Each run of the machine is a story of editors who open forms, read over the API, save
what they opened long ago, import tables, merge and take back. At its end history is
written once more, row by row, and must come to what the tables hold.
"""

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from knox.models import get_token_model
from rest_framework.test import APIClient

from entities.models import Official
from provenance.history.undo import CannotUndo, undo
from provenance.merging import merge, plan
from provenance.models import ChangeSet
from provenance.models.renaming import bearing
from tests import make
from tests.curating import address, filled
from tests.depth import cases, examples
from tests.evidence.test_disputes import found_anew
from tests.importing import imported
from tests.replaying import change_numbers, replayed, tables
from timeline.records import RULES

pytestmark = pytest.mark.django_db

# What holds whatever editors do; that sources are cited is up to them.
KEPT = [
    rule
    for rule in RULES
    if rule.name in ("history", "stale-bounds", "words", "redirects", "statements")
]
EDITORS = st.integers(0, 2)
PICKS = st.integers(0, 20)
WORDS = st.sampled_from(["Ana Núñez", "Ana Nunez", "Eva Ruiz", "José Díaz", "Li Wei"])
FIELDS = st.sampled_from(["name", "family_name", "honorific", "public_note"])


class Editor:
    """Somebody with a browser and a program, and what they have open in each."""

    def __init__(self, number):
        user = User.objects.create_superuser(f"editor-{number}")
        self.browser = Client()
        self.browser.force_login(user)
        self.program = APIClient()
        _token, text = get_token_model().objects.create(user=user)
        self.program.credentials(HTTP_AUTHORIZATION=f"Token {text}")
        self.form = None  # the official, its version, and the fields as they were sent
        self.read = None  # the official and its version


class Story(RuleBasedStateMachine):
    """Editors of officials."""

    def __init__(self):
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        self.source = make.a_source()
        self.editors = [Editor(number) for number in range(3)]
        make.an_official("Ana Núñez")

    def teardown(self):
        try:
            assert tables() == replayed()
            numbers = change_numbers()
            assert numbers == list(range(1, len(numbers) + 1))
            faults = [str(f) for rule in KEPT for f in rule.findings()]
            assert not faults
            found_anew()  # disputes are those that all records together give
        finally:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

    def picked(self, pick):
        """One of the officials that there are; None if there is none."""
        officials = list(Official.objects.order_by("pk"))
        return officials[pick % len(officials)] if officials else None

    def version_of(self, official):
        rows = Official.objects.filter(pk=official.pk)
        return rows.values_list("version", flat=True).first()

    # By the API

    @rule(editor=EDITORS, name=WORDS)
    def makes_one(self, editor, name):
        answer = self.editors[editor].program.post("/api/v1/officials/", {"name": name})
        assert answer.status_code == 201, answer.content

    @rule(editor=EDITORS, pick=PICKS)
    def reads_one(self, editor, pick):
        official = self.picked(pick)
        if official:
            self.editors[editor].read = (official, official.version)

    @rule(editor=EDITORS, field=FIELDS, value=WORDS)
    def writes_what_was_read(self, editor, field, value):
        editor = self.editors[editor]
        if editor.read is None:
            return
        official, version = editor.read
        now = self.version_of(official)
        answer = editor.program.patch(
            f"/api/v1/officials/{official.slug}/",
            {field: value},
            headers={"If-Match": f'"{version}"'},
        )
        if now is None:
            assert answer.status_code in (404, 412), answer.content
        elif now != version:
            assert answer.status_code == 412, answer.content
            assert self.version_of(official) == now
        else:
            assert answer.status_code == 200, answer.content
            assert answer.json()[field] == value
            editor.read = (official, answer.json()["version"])

    @rule(editor=EDITORS, pick=PICKS, stated=WORDS, locator=WORDS)
    def cites_a_name(self, editor, pick, stated, locator):
        official = self.picked(pick)
        if official is None:
            return
        body = {"type": "official", "record": official.slug, "field": "name"}
        body |= {"source": self.source.slug, "stated": stated, "locator": locator}
        answer = self.editors[editor].program.post("/api/v1/citations/", body)
        assert answer.status_code in (201, 400), answer.content
        raised = self.version_of(official) - official.version
        assert raised == (answer.status_code == 201)

    # In forms

    @rule(editor=EDITORS, pick=PICKS)
    def opens_a_form(self, editor, pick):
        official, editor = self.picked(pick), self.editors[editor]
        if official:
            page = editor.browser.get(address(Official, "change", official.pk))
            editor.form = (official, official.version, filled(page))

    @rule(editor=EDITORS, field=FIELDS, value=WORDS)
    def saves_the_form(self, editor, field, value):
        editor = self.editors[editor]
        if editor.form is None:
            return
        official, version, data = editor.form
        editor.form, now = None, self.version_of(official)
        page = address(Official, "change", official.pk)
        answer = editor.browser.post(page, {**data, field: value})
        if now is None:
            assert answer.status_code in (302, 404)
        elif now != version:
            assert answer.status_code == 200
            assert self.version_of(official) == now
            assert value in answer.content.decode()  # what was typed is kept
        else:
            assert answer.status_code == 302, answer.context["errors"]
            assert getattr(Official.objects.get(pk=official.pk), field) == value

    @rule(editor=EDITORS, pick=PICKS)
    def deletes_one(self, editor, pick):
        official = self.picked(pick)
        if official is None or official.status == official.Status.PUBLISHED:
            return
        editor = self.editors[editor]
        answer = editor.program.delete(
            f"/api/v1/officials/{official.slug}/",
            headers={"If-Match": f'"{official.version}"'},
        )
        assert answer.status_code == 204, answer.content

    # By tables

    @rule(editor=EDITORS, pick=PICKS, name=WORDS, new=WORDS)
    def imports_a_table(self, editor, pick, name, new):
        browser, official = self.editors[editor].browser, self.picked(pick)
        rows = [f"imported-{Official.history.count()},draft,{new}"]
        if official:
            rows.append(f"{official.slug},{official.status},{name}")
        text = "\r\n".join(["slug,status,name", *rows, ""])
        report = imported(browser, text, Official, "officials")
        assert report.context["upload"].change == ChangeSet.objects.first()
        if official:
            assert Official.objects.get(pk=official.pk).name == name

    # As services

    @rule(pick=PICKS, other=PICKS)
    def merges_two(self, pick, other):
        winner, loser = self.picked(pick), self.picked(other)
        if winner is None or winner == loser or plan(winner, loser).blocks:
            return
        merge(winner, loser, "the same person")
        assert not Official.objects.filter(pk=loser.pk).exists()
        assert bearing(Official.objects.all(), loser.slug).pk == winner.pk

    @rule(pick=st.integers(0, 200))
    def takes_one_back(self, pick):
        changes = ChangeSet.objects.filter(path__in=["api", "form", "import", "merge"])
        count = changes.count()
        if not count:
            return
        change, last = changes[pick % count], ChangeSet.objects.count()
        try:
            undo(change, reason="a slip")
        except CannotUndo as error:
            assert error.messages
            assert ChangeSet.objects.count() == last
        else:
            assert ChangeSet.objects.first().undoes == change

    @invariant()
    def every_version_has_its_row_of_history(self):
        for official in Official.objects.all():
            assert official.history.first().version == official.version


def test_whatever_several_editors_do_history_tells_what_the_tables_hold():
    run_state_machine_as_test(
        Story,
        settings=settings(
            max_examples=examples(25),
            stateful_step_count=cases(12, 25),
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
