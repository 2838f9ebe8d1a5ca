"""The public pages in a real browser: for everybody, on any screen, with any hand."""

import pytest

from tests.browsing import NARROW, PHONE, WIDE, going, violations
from tests.depth import cases, once

PAGES = [
    "/",
    "/?lanes=agency",
    "/?from=2025&to=2025&type=meeting",
    "/?from=03/04/2024",
    "/officials/",
    "/officials/gregory-guillot/",
    "/officials/gregory-guillot/network/",
    "/agencies/semar/",
    "/agencies/usnorthcom/network/",
    "/posts/commander-usnorthcom/",
    "/meetings/guillot-trevilla-call-2025-02/",
    "/agreements/joint-statement-of-understanding-2025/",
    "/deployments/mexico-border-deployment-2025/",
    "/places/nogales/",
    "/map/",
    "/metrics/",
    "/metrics/illegal-border-crossings-change/",
    "/observations/aggregate/?by=metric&measure=max",
    "/timeline/aggregate/?by=agency",
    "/officials/pairs/",
    "/connection/?one=gregory-guillot&other=rafael-barcelo",
    "/compare/?from=2009-10&to=2025-04",
    "/themes/border-security/",
    "/sources/watch-usnorthcom-mexican-leaders/",
    "/sources/watch-usnorthcom-mexican-leaders/compare/?with=growing-security-challenges",
    "/disputes/",
    "/appointments/barcelo-consul-in-tucson/",
    "/observations/agricultural-trade-value-nogales/",
    "/milestones/asylum-restrictions-2024-06/",
    "/embed/",
    "/officials/nobody/",
    "/search/?q=guillot",
    "/es/",
    "/es/officials/gregory-guillot/",
    "/es/search/?q=guillto",
]
# Each sort of page once. What the others are made of is the same.
SOME = [
    "/",
    "/agencies/usnorthcom/network/",
    "/deployments/mexico-border-deployment-2025/",
    "/places/nogales/",
    "/metrics/illegal-border-crossings-change/",
    "/es/search/?q=guillto",
]
WAYS = (("light", WIDE), ("dark", PHONE))


@pytest.fixture(scope="module")
def reader(browser):
    """A browser in which nobody is signed in; what it keeps matters to no page."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def visit(site, reader):
    """Goes to public pages, in a tab of a reader."""
    page = reader.new_page()
    yield going(site, page)
    page.close()


def unfold(page):
    """Shows what is folded: it is read as well."""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")


class Pages:
    """What holds for every page; ``address`` is where one is."""

    def test_is_accessible_light_and_wide_and_dark_on_a_phone(self, visit, address):
        # All pages have one style sheet: in the quick run each is tried in one way.
        turn = SOME.index(address) % 2 if address in SOME else 0
        one = WAYS[turn : turn + 1]
        for scheme, size in cases(one, once(WAYS, one)):
            page = visit(address, size)
            page.emulate_media(color_scheme=scheme)
            unfold(page)
            assert violations(page) == [], scheme
            assert page.complaints == []

    def test_fits_the_narrowest_screen(self, visit, address):
        page = visit(address, NARROW)
        unfold(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= NARROW[0]


@pytest.mark.parametrize("address", cases(SOME, once(PAGES, SOME)))
class TestEveryPage(Pages):
    """Those whose address is known beforehand."""


class TestADispute(Pages):
    """One of those that are listed."""

    @pytest.fixture
    def address(self, visit):
        return visit("/disputes/").locator(".of-field").first.get_attribute("href")


class TestTheTimeline:
    def test_is_narrowed_by_dragging_over_a_stretch_of_it(self, visit):
        page = visit("/")
        box = page.locator(".strip > svg").bounding_box()
        page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + 5)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * 0.97, box["y"] + 8, steps=4)
        with page.expect_navigation():
            page.mouse.up()
        assert "from=20" in page.url and "to=20" in page.url
        assert page.locator(".narrowing li").count() == 2
        assert page.locator(".year").count() > 0
        assert page.complaints == []

    def test_leads_from_a_mark_to_its_event_by_the_keyboard_alone(self, visit):
        page = visit("/")
        mark = page.locator(".spans .mark").first
        mark.focus()
        told = mark.get_attribute("aria-label")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert told.startswith(page.locator("h1").inner_text() + ":")

    def test_a_click_on_a_mark_is_no_drag(self, visit):
        page = visit("/")
        with page.expect_navigation():
            page.locator(".spans .mark").first.click()
        assert page.locator("article h1").count() == 1

    def test_is_whole_without_a_script(self, browser, site):
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(site + "/")
        assert page.locator(".events li").count() > 30
        page.get_by_text("Agency", exact=True).first.click()
        with page.expect_navigation():
            page.locator(".facets details[open] a").first.click()
        assert page.locator(".narrowing li").count() == 1
        context.close()

    def test_weighs_less_than_100_kilobytes_without_the_script(self, browser, site):
        answers = []
        context = browser.new_context()
        page = context.new_page()
        page.on("response", lambda answer: answers.append(answer))
        page.goto(site + "/", wait_until="networkidle")
        weights = {answer.url: len(answer.body()) for answer in answers}
        scripts = [url for url in weights if url.endswith(".js")]
        assert len(scripts) == 1
        rest = sum(size for url, size in weights.items() if url not in scripts)
        assert 20_000 < rest < 100_000
        context.close()


class TestARecord:
    def test_shows_who_says_so_at_a_touch(self, visit):
        page = visit("/deployments/mexico-border-deployment-2025/", PHONE)
        cited = page.locator(".fact .cited").first
        assert not cited.locator("li").first.is_visible()
        cited.locator("summary").click()
        assert cited.locator("li").first.is_visible()

    def test_loads_no_script_where_there_is_nothing_to_zoom(self, visit):
        page = visit("/officials/gregory-guillot/")
        assert page.locator("script[src]").count() == 0

    def test_prints_with_its_sources_and_without_the_menu(self, visit):
        page = visit("/officials/gregory-guillot/")
        page.emulate_media(media="print")
        assert not page.locator("header nav").is_visible()
        assert page.locator("h1").is_visible()
