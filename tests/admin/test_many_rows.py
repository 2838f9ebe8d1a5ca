"""Forms of records with more rows than fit on a page: a page of them at a time."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from provenance.admin.rows import CITATIONS_PER_PAGE as A_PAGE
from provenance.tracking.changes import ChangeSet, changing
from tests import make
from tests.curating import address, errors_of, filled, row, superuser

pytestmark = pytest.mark.django_db

MANY = 50  # two pages, and some


@changing(ChangeSet.Path.OTHER)
def cited(number):
    """An official whom a source is cited for in so many places."""
    official, source = make.an_official("Ana Núñez"), make.a_source()
    model = type(official).citation_model()
    model.objects.bulk_create(
        model(record=official, source=source, locator=f"p. {place:04}")
        for place in range(number)
    )
    official.refresh_from_db()
    return official


def page_of(record, **query):
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{address(type(record), 'change', record.pk)}?{asked}"


def second_page(record):
    return page_of(record, **{"citations-page": 2})


def citations_on(response):
    (rows,) = (
        rows.formset
        for rows in response.context["inline_admin_formsets"]
        if rows.formset.prefix == "citations"
    )
    return rows


def locators(record):
    return list(record.citations.order_by("pk").values_list("locator", flat=True))


@pytest.fixture
def ana(client):
    """A browser in which a superuser is signed in."""
    return superuser(client)


def test_each_page_has_some_rows_and_says_which_of_how_many(ana):
    official = cited(MANY)
    pages = {1: (0, 20), 3: (40, 50)}
    for number, (first, last) in pages.items():
        response = ana.get(page_of(official, **{"citations-page": number}))
        assert f"{first + 1} to {last} of 50" in response.content.decode()
        shown = [form.instance.locator for form in citations_on(response).initial_forms]
        assert shown == locators(official)[first:last]


@pytest.mark.parametrize("asked", ["0", "9", "-1", "x", "%F0%9F%98%80", "9" * 30])
def test_a_page_that_is_not_there_is_the_first(ana, asked):
    official = cited(MANY)
    response = ana.get(page_of(official, **{"citations-page": asked}))
    assert "1 to 20 of 50" in response.content.decode()


def test_few_rows_have_no_pages(ana):
    content = ana.get(page_of(cited(A_PAGE))).content.decode()
    assert f"of {A_PAGE}" not in content
    assert "?citations-page=" not in content


def test_what_is_written_on_a_page_leaves_the_other_rows_alone(ana):
    official = cited(MANY)
    before = locators(official)
    form = ana.get(second_page(official))
    typed = {"citations-0-locator": "p. 20, photo", "citations-1-DELETE": "on"}
    response = ana.post(second_page(official), filled(form, **typed))
    assert response.status_code == 302, errors_of(response)
    assert locators(official) == [*before[:20], "p. 20, photo", *before[22:]]


def test_a_row_that_another_page_has_already_is_refused(ana):
    official = cited(MANY)
    form = ana.get(page_of(official))
    sources = {"source": official.citations.first().source_id, "field": ""}
    twin = row("citations", A_PAGE, **sources, locator="p. 0045")
    response = ana.post(page_of(official), filled(form, **twin))
    assert "already cited" in str(errors_of(response))
    assert len(locators(official)) == MANY


def test_rows_that_moved_to_another_page_meanwhile_are_still_those_that_were_shown(ana):
    official = cited(MANY)
    mine = filled(ana.get(second_page(official)), **{"citations-0-locator": "mine"})
    bea = superuser(Client(), "bea")
    theirs = filled(bea.get(page_of(official)), **{"citations-0-DELETE": "on"})
    assert bea.post(page_of(official), theirs).status_code == 302
    shown = ana.post(second_page(official), mine)
    assert shown.context["conflict"].steps
    assert len(citations_on(shown).initial_forms) == A_PAGE
    again = ana.post(second_page(official), filled(shown))
    assert again.status_code == 302, errors_of(again)
    found = locators(official)
    assert (len(found), found[A_PAGE - 1]) == (MANY - 1, "mine")


def test_a_form_asks_no_more_for_a_thousand_rows_than_for_thirty(ana):
    numbers = []
    for number in (30, 1000):
        official = cited(number)
        ana.get(page_of(official))
        with CaptureQueriesContext(connection) as queries:
            response = ana.get(page_of(official))
        numbers.append((len(queries), len(response.content) // 100_000))
    assert numbers[0] == numbers[1]
