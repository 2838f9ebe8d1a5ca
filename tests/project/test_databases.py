"""The templates that the databases of the tests are copied from."""

import pytest
from django.db import connection

from entities.models import Agency
from tests import databases
from tests.databases import LOADED, MIGRATED, key_of

pytestmark = pytest.mark.database


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project of a few files, in place of ours."""
    for name, content in {
        "requirements.txt": "Django",
        "fixtures/agencies.csv": "slug",
        "entities/migrations/0001_record.py": "import entities.roles",
        "entities/roles.py": "VIEWER = 1",
        "entities/views.py": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    monkeypatch.setattr(databases, "PROJECT", tmp_path)
    return tmp_path


def keys():
    databases.key_of.cache_clear()
    return {template: databases.key_of(template) for template in (MIGRATED, LOADED)}


@pytest.fixture(autouse=True)
def _keys_of_ours():
    yield
    databases.key_of.cache_clear()


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("requirements.txt", {MIGRATED, LOADED}),
        ("entities/migrations/0001_record.py", {MIGRATED, LOADED}),
        ("entities/roles.py", {MIGRATED, LOADED}),
        ("entities/views.py", {LOADED}),
        ("fixtures/agencies.csv", {LOADED}),
    ],
)
def test_a_template_serves_only_as_long_as_what_it_is_made_of(project, name, stale):
    before = keys()
    (project / name).write_text("import entities.roles # changed")
    after = keys()
    assert {each for each in before if before[each] != after[each]} == stale


def test_a_template_serves_again_where_nothing_has_changed(project):
    assert keys() == keys()


@pytest.mark.django_db(transaction=True)
def test_who_commits_leaves_the_database_as_it_was():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE left_behind (id integer)")


@pytest.mark.django_db
def test_nothing_is_found_of_what_another_test_committed():
    assert "left_behind" not in connection.introspection.table_names()
    assert not Agency.objects.exists()


def test_the_curated_record_is_there_without_being_loaded_anew(record):
    assert Agency.objects.filter(slug="usnorthcom").exists()


@pytest.mark.django_db(transaction=True)
def test_who_makes_a_template_for_another_keeps_its_own(
    templates, tmp_path, monkeypatch
):
    made = []
    monkeypatch.setattr(templates.kept, "has", lambda key: key == key_of(MIGRATED))
    monkeypatch.setattr(templates.kept, "keep", lambda key, _kind: made.append(key))
    with templates.elsewhere(LOADED, tmp_path):
        assert made == [key_of(LOADED)]
        assert not Agency.objects.exists()
