"""The public pages in a real browser: for everybody, on any screen, with any hand."""

import pytest

from tests.browsing import NARROW, PHONE, WIDE, going, violations
from tests.depth import cases, in_depth, once

PAGES = [
    "/",
    "/?lanes=agency",
    "/timeline/?lanes=compared&agency=sedena,usnorthcom",
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
    "/es/meetings/tcfr-roundtable-2024-11-21/",
    "/es/search/?q=guillto",
]
# With the timeline, with a chart, in Spanish: the others are made of the same.
SOME = ["/", "/metrics/illegal-border-crossings-change/", "/es/search/?q=guillto"]
WAYS = (("light", WIDE), ("dark", PHONE))

by_browser = in_depth("A browser takes seconds for it.")


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


@by_browser
class TestADispute(Pages):
    """One of those that are listed."""

    @pytest.fixture
    def address(self, visit):
        return visit("/disputes/").locator(".of-field").first.get_attribute("href")


class TestTheTimeline:
    def test_is_moved_through_without_a_reload_and_the_list_follows(self, visit):
        page = visit("/")
        page.evaluate("window.stays = true")

        def seen_after(act):
            shown = page.locator(".windows [role=status]")
            before = shown.inner_text()
            act()
            page.wait_for_function(
                "said => !document.querySelector('.windows [role=status]')"
                ".textContent.includes(said)",
                arg=before,
            )
            return shown.inner_text()

        years = page.locator(".windows [role=status]").inner_text()
        seen_after(page.locator("[data-way=in]").click)
        assert "from=" in page.url and page.locator(".narrowing li").count() == 2
        for display in ("none", ""):  # as a tab that is put away, and back
            page.locator(".stage").evaluate(
                """(stage, display) => {
                    stage.style.display = display;
                    const frame = (then) => requestAnimationFrame(then);
                    return new Promise((done) => frame(() => frame(done)));
                }""",
                display,
            )
        page.locator(".stage").focus()
        closer = seen_after(lambda: page.keyboard.press("+"))
        assert seen_after(lambda: page.keyboard.press("ArrowLeft")) != closer
        page.locator(".stage").hover()
        seen_after(lambda: page.mouse.wheel(0, -200))
        assert seen_after(lambda: page.keyboard.press("Home")) == years
        assert "from=" not in page.url
        strip = page.locator(".strip > svg").bounding_box()
        page.mouse.move(strip["x"] + strip["width"] * 0.96, strip["y"] + 5)
        page.mouse.down()
        page.mouse.move(strip["x"] + strip["width"] * 0.99, strip["y"] + 8, steps=4)
        assert "2025" in seen_after(page.mouse.up)
        listed = {heading.inner_text() for heading in page.locator(".year > h2").all()}
        assert "2025" in listed and "2002" not in listed
        address = page.url
        marks = page.locator(".spans .mark").count()
        page.reload()
        assert (page.url, page.locator(".spans .mark").count()) == (address, marks)
        assert page.complaints == []

    @by_browser
    def test_has_a_card_for_a_mark_with_lines_to_what_it_led_to(self, visit):
        page = visit("/")
        mark = page.locator(
            ".mark[href='/meetings/guillot-trevilla-call-2025-02/']"
        ).first
        mark.focus()
        card = page.locator(".card")
        lines = card.inner_text().split("\n")
        assert lines[0] == "Video call of Guillot and Trevilla, February 2025"
        assert "February 2025" in lines
        assert any(line.endswith(" sources") for line in lines)
        assert page.locator(".connection.shown").count() >= 1
        assert not [rule for rule, at in violations(page) if "card" in str(at)]
        page.keyboard.press("Escape")
        assert not card.is_visible()

    @by_browser
    def test_shows_the_card_at_a_first_tap_and_opens_at_a_second(self, browser, site):
        context = browser.new_context(
            has_touch=True,
            is_mobile=True,
            viewport={"width": PHONE[0], "height": PHONE[1]},
        )
        page = context.new_page()
        page.goto(site + "/timeline/")
        assert page.get_by_text("Tap a mark to see what it is").is_visible()
        mark, card = page.locator(".spans .mark").first, page.locator(".card")
        there = mark.get_attribute("href")
        mark.tap(force=True)
        assert card.is_visible() and page.url.endswith("/timeline/")
        with page.expect_navigation():
            mark.tap(force=True)
        assert page.url.endswith(there)
        context.close()

    def test_hides_what_is_switched_off_in_the_legend(self, visit):
        page = visit("/")
        mark = page.locator(".mark.possible").first
        key = page.get_by_role("button", name="possibly")
        key.click()
        assert not mark.is_visible()
        key.press("Enter")
        assert mark.is_visible()

    @by_browser
    def test_leads_from_a_mark_to_its_event_by_the_keyboard_alone(self, visit):
        page = visit("/")
        mark = page.locator(".spans .mark").first
        mark.focus()
        told = mark.get_attribute("aria-label")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert told.startswith(page.locator("h1").inner_text() + ":")

    @by_browser
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

    @by_browser
    def test_weighs_less_than_100_kilobytes_without_the_scripts(self, browser, site):
        answers = []
        context = browser.new_context()
        page = context.new_page()
        page.on("response", lambda answer: answers.append(answer))
        page.goto(site + "/", wait_until="networkidle")
        weights = {answer.url: len(answer.body()) for answer in answers}
        scripts = {url: n for url, n in weights.items() if url.endswith(".js")}
        assert 0 < sum(scripts.values()) < 110_000
        rest = sum(size for url, size in weights.items() if url not in scripts)
        assert 20_000 < rest < 100_000
        context.close()


class TestARecord:
    @by_browser
    def test_shows_who_says_so_at_a_touch(self, visit):
        page = visit("/deployments/mexico-border-deployment-2025/", PHONE)
        cited = page.locator(".fact .cited").first
        assert not cited.locator("li").first.is_visible()
        cited.locator("summary").click()
        assert cited.locator("li").first.is_visible()

    @by_browser
    def test_loads_no_script_where_there_is_nothing_to_zoom(self, visit):
        page = visit("/officials/gregory-guillot/")
        assert page.locator("script[src]").count() == 0

    @by_browser
    def test_prints_with_its_sources_and_without_the_menu(self, visit):
        page = visit("/officials/gregory-guillot/")
        page.emulate_media(media="print")
        assert not page.locator("header nav").is_visible()
        assert page.locator("h1").is_visible()
