"""The desk in a real browser: quick by keyboard, and nothing typed is lost."""

import pytest

from tests.browsing import LAW, NAME, PASSWORD, violations
from tests.depth import cases, in_depth, once

# The desk, a queue, a list, a form with rows, an import.
DESK = cases(
    ["/admin/", "/admin/timeline/meeting/1/change/"],
    [
        "/admin/",
        "/admin/disputes/",
        "/admin/entities/official/",
        "/admin/timeline/meeting/1/change/",
        "/admin/entities/place/import/",
        "/admin/changes/",
        "/admin/entities/official/add/",
        "/admin/auth/user/",
    ],
)


@pytest.mark.parametrize("scheme", cases(["dark"], once(["light", "dark"], ["dark"])))
def test_the_admin_is_accessible_and_no_script_fails(desk, site, scheme):
    complaints = []
    desk.on("pageerror", lambda error: complaints.append((desk.url, str(error))))
    desk.emulate_media(color_scheme=scheme)
    for address in DESK:
        desk.goto(site + address)
        assert violations(desk, LAW) == [], address
    assert complaints == []


# What the tests without a browser show as well, by what the browser would send.
by_browser = in_depth("A browser takes seconds for it.")


class TestTheDesk:
    @by_browser
    def test_searches_with_one_key_and_finds_without_accents(self, desk):
        desk.keyboard.press("/")
        desk.locator("#command-results input, [type=search]:visible").first.wait_for()
        desk.keyboard.type("guillot")
        desk.get_by_text("Gregory M. Guillot").first.wait_for()

    @by_browser
    def test_saves_with_one_stroke_and_stays_on_the_form(self, desk, site):
        desk.goto(f"{site}/admin/entities/official/")
        desk.locator("table a[href*='/change/']").first.click()
        desk.locator("[name=private_note]").wait_for(state="attached")
        field = desk.locator("[name=honorific]")
        field.fill("Dr.")
        with desk.expect_navigation():
            desk.keyboard.press("Control+s")
        assert "/change/" in desk.url
        assert field.input_value() == "Dr."
        field.fill("")
        with desk.expect_navigation():
            desk.keyboard.press("Control+s")

    @by_browser
    def test_asks_before_what_was_typed_is_lost(self, desk, site):
        desk.goto(f"{site}/admin/entities/official/add/")
        desk.locator("[name=name]").fill("Ana")
        asked = []
        desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        desk.locator("a[href='/admin/']").first.click()
        desk.wait_for_url(f"{site}/admin/")
        assert asked == ["beforeunload"]

    @by_browser
    def test_shows_the_record_along_time_on_its_form(self, desk, site):
        desk.goto(f"{site}/admin/timeline/meeting/?q=guillot")
        desk.get_by_role(
            "link", name="Video call of Guillot and Trevilla, April 2025"
        ).first.click()
        desk.locator(".small-timeline svg.spans").wait_for()
        assert desk.locator(".small-timeline .mark").count() > 0

    @by_browser
    def test_settles_a_dispute_in_the_queue(self, desk, site):
        desk.goto(f"{site}/admin/disputes/?state=open")
        before = desk.locator(".queue details").count()
        first = desk.locator(".queue details").first
        first.locator("summary").click()
        first.locator("select[name=assessment]").select_option("mistaken")
        first.locator("textarea[name=note]").fill("Tried in a browser.")
        with desk.expect_navigation():
            first.get_by_role("button", name="Settle").click()
        assert desk.url == f"{site}/admin/disputes/?state=open"
        assert desk.locator(".queue details").count() == before - 1


DRAFTS = "Object.keys(localStorage).filter((name) => name.startsWith('draft')).length"


def end_session(page):
    """What the end of a session does to a browser."""
    kept = [one for one in page.context.cookies() if one["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(kept)


@pytest.fixture
def own_desk(site, browser, curators_browser):
    """The admin, in a browser that may lose its session without harm to other tests."""
    context = browser.new_context()
    context.add_cookies(curators_browser.cookies())
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    yield page
    context.close()


def sign_in(page):
    page.fill("[name=username]", NAME)
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url("**/admin/**")


class TestWhatSomebodyTyped:
    def test_is_in_the_form_again_after_the_session_has_ended(self, own_desk, site):
        own_desk.goto(f"{site}/admin/entities/place/add/")
        own_desk.fill("[name=name]", "Villa Sesión")
        end_session(own_desk)
        own_desk.click("[name=_save]")
        own_desk.get_by_text("what you typed is kept here").wait_for()
        sign_in(own_desk)
        own_desk.get_by_text("Nothing is saved yet.").first.wait_for()
        assert own_desk.url == f"{site}/admin/entities/place/add/"
        assert own_desk.input_value("[name=name]") == "Villa Sesión"

    @by_browser
    def test_is_in_the_form_again_if_another_tab_has_signed_in_anew(
        self, own_desk, site
    ):
        own_desk.goto(f"{site}/admin/entities/place/add/")
        own_desk.fill("[name=name]", "Villa Pestaña")
        end_session(own_desk)
        other = own_desk.context.new_page()
        other.goto(f"{site}/admin/")
        sign_in(other)
        own_desk.click("[name=_save]")
        own_desk.get_by_text("Nothing is saved yet.").first.wait_for()
        assert own_desk.input_value("[name=name]") == "Villa Pestaña"

    @by_browser
    def test_is_offered_when_the_form_is_opened_again_and_dropped_once_saved(
        self, own_desk, site
    ):
        page = f"{site}/admin/timeline/theme/add/"
        own_desk.goto(page)
        own_desk.fill("[name=name]", "A theme of tests")
        own_desk.goto(f"{site}/admin/")
        own_desk.goto(page)
        own_desk.get_by_role("button", name="Put it into the form").click()
        own_desk.get_by_text("Nothing is saved yet.").first.wait_for()
        assert own_desk.input_value("[name=name]") == "A theme of tests"
        with own_desk.expect_navigation():
            own_desk.click("[name=_save]")
        own_desk.wait_for_function(f"{DRAFTS} == 0")

    @by_browser
    def test_is_gone_from_the_browser_after_signing_out(self, own_desk, site):
        end_session(own_desk)  # that of the others is not to be ended
        own_desk.goto(f"{site}/admin/entities/place/add/")
        sign_in(own_desk)
        own_desk.fill("[name=name]", "Villa")
        own_desk.wait_for_function(f"{DRAFTS} > 0")
        own_desk.evaluate(
            "document.querySelector('form[action$=\"/logout/\"]').requestSubmit()"
        )
        own_desk.wait_for_function(f"{DRAFTS} == 0")

    @by_browser
    def test_is_sent_once_however_often_the_button_is_pressed(self, own_desk, site):
        own_desk.goto(f"{site}/admin/timeline/theme/add/")
        own_desk.fill("[name=name]", "Pressed twice")
        sent = []
        own_desk.on("request", lambda asked: sent.append(asked.method))
        own_desk.locator("[name=_save]").dblclick(no_wait_after=True)
        own_desk.get_by_text("was added successfully").wait_for()
        assert sent.count("POST") == 1

    @by_browser
    def test_behind_a_row_that_is_removed_stays(self, own_desk, site):
        own_desk.goto(f"{site}/admin/entities/agency/add/#names")
        for text in ("First", "Second"):
            own_desk.locator("#names-group .add-row").click()
            number = {"First": 0, "Second": 1}[text]
            own_desk.fill(f"[name=names-{number}-text]", text)
        own_desk.locator("#names-group .delete-template").first.click()
        assert own_desk.input_value("[name=names-0-text]") == "Second"


class TestEvidence:
    def test_of_a_field_is_read_and_added_beside_it(self, own_desk, site):
        own_desk.goto(f"{site}/admin/provenance/source/")
        own_desk.locator("table a[href*='/change/']").first.click()
        own_desk.get_by_role("button", name="enter from it").first.click()
        own_desk.goto(f"{site}/admin/entities/official/")
        own_desk.locator("table a[href*='/change/']").first.click()
        mark = own_desk.locator("[data-field=family_name]")
        assert mark.inner_text() == "no source"
        mark.click()
        own_desk.get_by_role("button", name="Cite the current source:").click()
        own_desk.keyboard.type("p. 4")
        own_desk.focus("[name=honorific]")
        own_desk.keyboard.press("Alt+c")
        own_desk.keyboard.type("p. 5")
        told = own_desk.locator(".will-be-cited li").all_inner_texts()
        assert [line.split(":")[0] for line in told] == [
            "record",
            "family name",
            "honorific",
        ]
        with own_desk.expect_navigation():
            own_desk.click("[name=_continue]")
        assert mark.inner_text() == "1 source"
        mark.click()
        assert "p. 4" in own_desk.locator(".field-evidence:visible").inner_text()

    @by_browser
    def test_marks_what_is_disputed(self, desk, site):
        desk.goto(f"{site}/admin/disputes/?state=open")
        desk.locator(".queue details").first.locator("summary").click()
        desk.get_by_role("link", name="Open the record").first.click()
        desk.locator(".evidence-mark.disputed").first.wait_for(state="attached")


class TestWhatIsWrittenAsInAnArticle:
    @by_browser
    def test_is_offered_as_a_date_and_taken_by_tab(self, desk, site):
        desk.goto(f"{site}/admin/entities/appointment/add/")
        start = desk.locator("[name=start]")
        start.fill("mid-March 2025")
        desk.locator(".reading").wait_for()
        assert start.input_value() == "mid-March 2025"  # never taken unseen
        start.press("Tab")
        assert start.input_value() == "[2025-03-11..2025-03-20]"

    @by_browser
    def test_is_offered_both_ways_if_nobody_can_know(self, desk, site):
        desk.goto(f"{site}/admin/entities/appointment/add/")
        desk.fill("[name=start]", "03/04/2024")
        desk.locator(".reading").first.wait_for()
        offers = desk.locator(".reading").all_inner_texts()
        assert offers == ["2024-04-03: 3 April 2024", "2024-03-04: 4 March 2024"]
        desk.locator(".reading").nth(1).click()
        assert desk.input_value("[name=start]") == "2024-03-04"
        # Two dates are taken together.
        desk.fill("[name=start]", "March 2024 to 2025")
        desk.get_by_text("from some day from 1 to 31 March 2024 to").click()
        assert desk.input_value("[name=start]") == "2024-03"
        assert desk.input_value("[name=end]") == "2025"


@by_browser
def test_keys_are_listed_by_a_key(desk):
    desk.keyboard.press("?")
    assert desk.locator("#keys").is_visible()
    assert violations(desk, LAW) == []
    desk.keyboard.press("Escape")
    assert not desk.locator("#keys").is_visible()


@by_browser
def test_what_is_searched_for_and_not_there_is_made_in_a_panel(desk, site):
    desk.goto(f"{site}/admin/entities/post/add/")
    desk.fill("[name=title]", "Attaché of a test")
    desk.keyboard.press("Tab")
    desk.keyboard.type("Office of Nobody")
    desk.get_by_text("Create “Office of Nobody” (agency)").click()
    panel = desk.frame_locator("dialog.panel iframe")
    assert panel.locator("[name=name]").input_value() == "Office of Nobody"
    panel.locator("[name=kind]").select_option("ministry")
    panel.locator("[name=_save]").click()
    desk.locator("dialog.panel").wait_for(state="detached")
    assert desk.locator("#id_agency option:checked").inner_text() == "Office of Nobody"
    # What stands beside it is reached by the keyboard.
    desk.locator(".related-more").first.focus()
    desk.keyboard.press("Enter")
    desk.locator("a:focus").filter(has_text="Add another agency").wait_for()
    desk.keyboard.press("Tab")
    assert desk.locator(":focus").inner_text() == "Change selected agency"
    assert violations(desk, LAW) == []
