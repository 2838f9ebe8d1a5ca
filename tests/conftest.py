"""What tests ask for by name: the API, and the curated record."""

import io

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from django.utils import translation
from playwright.sync_api import sync_playwright
from rest_framework.test import APIClient

from provenance.append_only import protect, release, written_once
from provenance.roles import DATA_MANAGER, make_roles
from tests.browsing import a_site, browser_options, browser_program
from tests.curating import superuser
from tests.depth import load_profile
from tests.roles import somebody
from tests.withheld import plan
from tests.writing import program

load_profile()


@pytest.fixture(scope="session", autouse=True)
def _history_can_be_emptied():
    """Tests that commit leave history behind, which the database refuses to empty."""
    empty = TransactionTestCase._fixture_teardown

    def emptied_all_the_same(case):
        tables = written_once(apps.get_models())
        with connection.cursor() as cursor:
            for table in tables:
                for statement in release(connection, table):
                    cursor.execute(statement)
            empty(case)
            make_roles()  # which a migration had made
            for table in tables:
                for statement in protect(connection, table):
                    cursor.execute(statement)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptied_all_the_same)
        yield


@pytest.fixture(autouse=True)
def _in_english():
    """A request leaves its language behind, and the next one sets its own."""
    yield
    translation.deactivate()


@pytest.fixture
def api():
    """A program that reads and writes over HTTP."""
    return APIClient()


@pytest.fixture
def writer(django_user_model):
    """A program that may write everything."""
    return program(django_user_model.objects.create_superuser("writer"))


@pytest.fixture
def manager():
    """A program with the rights of a data manager."""
    return program(somebody(DATA_MANAGER, "dora"))


@pytest.fixture
def curator(client):
    """A browser in which a superuser is signed in."""
    return superuser(client)


@pytest.fixture
def user_who(django_user_model):
    """Makes users with the permissions named, as ``add_agency``."""

    def make_user(*codes, **values):
        name = values.pop("username", f"user-{len(codes)}-{'-'.join(codes)}"[:150])
        user = django_user_model.objects.create_user(name, **values)
        user.user_permissions.set(Permission.objects.filter(codename__in=codes))
        assert user.user_permissions.count() == len(codes)
        return user

    return make_user


@pytest.fixture(scope="session")
def site(tmp_path_factory, django_db_setup, django_db_blocker):
    """The address of a running site with the curated record, for a browser."""
    browser_program()
    with (
        django_db_blocker.unblock(),
        a_site(tmp_path_factory.mktemp("site")) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def browser():
    """The system's Chromium, without a window."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, where Django then expects no database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(**browser_options())
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A tab of the browser that knows nothing of other tests."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def _fixtures_loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load", stdout=io.StringIO(), stderr=io.StringIO())
        _tell_the_planner()
        yield
        transaction.set_rollback(True)


def _tell_the_planner():
    """Counts what has been loaded, as PostgreSQL does by itself after a while.

    Between tests it sees only rows that were taken back, may take every table for
    empty, and then plans joins for empty tables, which on full ones do not end.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.fixture
def record(_fixtures_loaded, db):
    """The curated record, loaded once for a module; what a test changes is undone.

    Every test of such a module sees it: keep those that want an empty database apart.
    """


@pytest.fixture(scope="module")
def withheld(django_db_setup, django_db_blocker):
    """Every address of the site by its part, with a record planted behind them once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plan()
        transaction.set_rollback(True)
