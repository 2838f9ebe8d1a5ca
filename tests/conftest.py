"""What tests ask for by name: the API, and the curated record."""

import gc
import os
from collections import Counter
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.template import Template
from django.test import TransactionTestCase, override_settings
from django.utils import translation
from rest_framework.test import APIClient

from provenance.review.roles import DATA_MANAGER
from tests.browsing import a_site, browser_options, browser_program
from tests.curating import superuser
from tests.databases import LOADED, MIGRATED, Templates
from tests.depth import load_profile
from tests.roles import somebody
from tests.withheld import plan
from tests.writing import program

# Half a million objects live as long as the process: looking for garbage among them at
# each collection takes an eighth of the time of the tests.
gc.set_threshold(100_000, 50, 20)

# What is here is written for databases, in SQL or about it.
WINGS = {"db", "values", "models", "tracking", "history", "search", "checks"}
WINGS |= {"resources", "imports"}


# These ask whole pages, read whole files or make very many rows: they take longest, and
# begin first, so that no worker waits for the last of them.
LONGEST = {"pages", "web", "project", "admin", "api", "db", "resources"}


def pytest_collect_file(file_path):
    """Has hypothesis ready before a file is read that tells it what to do."""
    if file_path.suffix == ".py" and "hypothesis" in file_path.read_text("utf-8"):
        load_profile()


def pytest_collection_modifyitems(config, items):
    """Marks what asks the database and belongs to these; some other files mark more.

    What asks none is tried on SQLite alone.
    """
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)
    asking, others = [], []
    for item in items:
        (asking if asks_the_database(item) else others).append(item)
    for item in asking:
        if item.path.parent.name in WINGS:
            item.add_marker("database")
    if connection.vendor != "sqlite":
        config.hook.pytest_deselected(items=others)
        items[:] = asking
    else:
        items[:] = with_one_that_asks_none_second(items, {i.path for i in asking})


def with_one_that_asks_none_second(items, asking):
    """The tests with a file second whose tests ask no database.

    The first process makes the template meanwhile, for which the others would wait.
    """
    sizes = Counter(item.path for item in items if item.path not in asking)
    if not sizes:
        return items
    ((second, _number),) = sizes.most_common(1)
    places = {items[0].path: 0, second: 1}
    return sorted(items, key=lambda item: places.get(item.path, 2))


def asks_the_database(item):
    """Whether a test or what it is given asks the database."""
    asked = {"db", "transactional_db", "django_db_setup"} & set(item.fixturenames)
    return bool(asked or item.get_closest_marker("django_db"))


@pytest.fixture(scope="session")
def templates(request, django_db_blocker, django_db_modify_db_settings):
    """What the database of the tests can be made a copy of."""
    del django_db_modify_db_settings  # has named the database of this process
    with django_db_blocker.unblock():
        return Templates(request.config.cache.mkdir("databases"))


@pytest.fixture(scope="session")
def django_db_setup(templates, django_db_blocker):
    """The database of the tests, which those that commit leave as it was."""
    with (
        django_db_blocker.unblock(),
        templates.serving(),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(
            TransactionTestCase, "_fixture_teardown", lambda _: templates.use(MIGRATED)
        )
        yield


@pytest.fixture(scope="session", autouse=True)
def _contexts_of_whole_pages(django_test_environment):
    """``context`` of an answer is that of its page, not of all the widgets on it too.

    Django notes a copy for each of the thousand templates of a form.
    """
    noting = Template._render

    def render(template, context):
        if context.template is template:
            return noting(template, context)
        return template.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", render)
        yield


@pytest.fixture(scope="session", autouse=True)
def _passwords_at_once(django_test_environment):
    """Passwords of the tests guard nothing; to hash one well takes half a second."""
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher"
    with override_settings(PASSWORD_HASHERS=[hasher]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_kept(django_test_environment):
    """What is kept of one test is none of another's."""
    with override_settings(KEPT_FILES=Path(os.devnull) / "kept"):
        yield


@pytest.fixture(scope="session", autouse=True)
def files(django_test_environment, tmp_path_factory):
    """The folder with the files of sources."""
    folder = tmp_path_factory.mktemp("files")
    kept = {**settings.STORAGES["default"], "OPTIONS": {"location": str(folder)}}
    with override_settings(STORAGES={**settings.STORAGES, "default": kept}):
        yield folder


@pytest.fixture
def figure(request):
    """Tells how often a test tried what it proves, or one sort of it, and was wrong."""
    (line,) = request.node.get_closest_marker("proves").args
    rounds = request.config.pluginmanager.get_plugin("the rounds")

    def tell(tried, wrong=0, sort=""):
        if rounds:
            rounds.tell(request.node, f"{line} {sort}".strip(), tried, wrong)

    return tell


@pytest.fixture
def counted(figure):
    """Called for each case; how many they were is told at the end."""
    tried = count()
    yield lambda: next(tried)
    figure(next(tried))


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
def site(tmp_path_factory, django_db_setup, django_db_blocker, templates):
    """The address of a running site with the curated record, for a browser."""
    browser_program()
    folder = tmp_path_factory.mktemp("site")
    with (
        django_db_blocker.unblock(),
        templates.elsewhere(LOADED, folder) as url,
        a_site(url, FILES=str(folder / "files")) as address,
    ):
        yield address


@pytest.fixture(scope="module")
def browser():
    """The system's Chromium, without a window."""
    from playwright.sync_api import sync_playwright  # slow, and needed by few

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
def _fixtures_loaded(django_db_setup, django_db_blocker, templates):
    with django_db_blocker.unblock():
        templates.use(LOADED)
    yield
    with django_db_blocker.unblock():
        templates.use(MIGRATED)


@pytest.fixture
def record(_fixtures_loaded, db):
    """The curated record, there for all of a module; what a test changes is undone.

    Every test of such a module sees it: keep those that want an empty database apart.
    """


@pytest.fixture(scope="module")
def withheld(django_db_setup, django_db_blocker):
    """Every address of the site by its part, with a record planted behind them once."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield plan()
        transaction.set_rollback(True)
