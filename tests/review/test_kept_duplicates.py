"""Possible duplicates among more records than a page compares."""

import pytest
from django.core.management import CommandError, call_command

from entities.models import Official
from provenance.review import kept_duplicates
from provenance.review.duplicates import distinguish
from tests import make
from tests.curating import superuser

pytestmark = pytest.mark.django_db
PAGE = "/admin/entities/official/duplicates/"


@pytest.fixture
def many(settings, tmp_path, monkeypatch):
    """Two pairs of namesakes, of which a page would see the second alone."""
    settings.KEPT_FILES = tmp_path / "kept"
    monkeypatch.setattr(kept_duplicates, "AT_ONCE", 4)
    for name in (
        "Ana Núñez",
        "Ana Nunez",
        "Eva Ruiz",
        "Olga Paz",
        "Raúl Sol",
        "Raul Sol",
    ):
        make.an_official(name)


def pairs(client):
    page = client.get(PAGE)
    shown = [
        [each["pair"].one.name, each["pair"].other.name]
        for each in page.context["pairs"]
    ]
    return [sorted(names) for names in shown], page.content.decode()


SECOND, FIRST = ["Raul Sol", "Raúl Sol"], ["Ana Nunez", "Ana Núñez"]


def test_are_found_among_those_that_were_added_last(client, many):
    found, page = pairs(superuser(client))
    assert found == [SECOND]
    assert "manage.py find_duplicates" in page


def test_are_shown_once_all_were_compared(client, many, capsys):
    call_command("find_duplicates", "official")
    assert capsys.readouterr().out == "official: 2 pairs\n"
    found, page = pairs(superuser(client))
    assert sorted(found) == [FIRST, SECOND]
    assert "All were compared on " in page


def test_that_are_none_any_more_are_not_shown(client, many):
    call_command("find_duplicates")
    ana, twin = Official.objects.filter(name__startswith="Ana")
    distinguish(ana, twin)
    assert pairs(superuser(client))[0] == [SECOND]


def test_are_found_without_a_file_that_can_be_read(client, many, settings):
    call_command("find_duplicates")
    (settings.KEPT_FILES / "duplicates-officials.json").write_text("{")
    assert pairs(superuser(client))[0] == [SECOND]


def test_cost_the_same_however_many_records_there_are(
    client, many, django_assert_max_num_queries
):
    browser = superuser(client)
    browser.get(PAGE)
    for number in range(30):
        make.an_official(f"Somebody {number} else")
    with django_assert_max_num_queries(25):
        browser.get(PAGE)


def test_are_looked_for_among_kinds_that_have_names(many):
    with pytest.raises(CommandError, match="no names to compare of “appointment”"):
        call_command("find_duplicates", "appointment")
