"""A curator at the desk, in a real browser."""

import pytest

from tests.browsing import NAME, PASSWORD, going


@pytest.fixture(scope="module")
def curators_browser(site, browser):
    """A browser in which a curator is signed in."""
    context = browser.new_context()
    page = going(site, context.new_page())("/admin/login/")
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{site}/admin/")
    page.close()
    yield context
    context.close()


@pytest.fixture
def desk(site, curators_browser):
    """The admin, in a tab of a curator."""
    page = going(site, curators_browser.new_page())("/admin/")
    yield page
    page.close()
