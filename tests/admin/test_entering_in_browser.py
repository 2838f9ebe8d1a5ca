"""An article is entered on one page, by keys or by touch, beside its text."""

import re
import time

import pytest

from tests.browsing import LAW, violations
from tests.depth import in_depth

by_browser = in_depth("A browser takes a minute for it.")

ARTICLE = """Washington, 18 March 2025. Ana Ruiz, director of border affairs, met three
others. They signed a memorandum and sent about 1,500 people to the border."""
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
}


class Hands:
    """A curator who fills in forms; letters are not counted, all else is."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    @property
    def form(self):
        return self.page.frame_locator(".entering-form iframe")

    def link(self, kind):
        return self.page.locator(".entering-kinds a").filter(has_text=kind).first

    def has_opened(self):
        self.form.locator("fieldset :focus").first.wait_for()

    def has_saved(self):
        self.page.locator(".entering-form").wait_for(state="hidden")

    def types(self, text):
        self.page.keyboard.type(text)

    def writes(self, name, text):
        self.goes_to(name)
        self.types(text)

    def found(self, text):
        """What a search in a relation has found, once it is there."""
        self.types(text)
        options = self.form.locator(".select2-results__option--highlighted")
        found = options.filter(has_text=re.compile(text, re.IGNORECASE))
        found.wait_for()
        return found


class Keys(Hands):
    """Works by the keyboard alone."""

    most = 60  # keys for the article, beyond what is typed
    person, office = "Ana Ruiz", "Border Affairs"

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)
            self.pressed += 1

    def begins(self, kind):
        self.keys(self.link(kind).get_attribute("data-enter"))
        self.has_opened()

    def goes_to(self, name):
        """Tab by Tab, to a field that stands behind that in which the keyboard is."""
        search = f"[name='{name}'] + .select2-container *, [name='{name}']"
        field = self.form.locator(f":is({search}):focus")
        for _ in range(12):
            if field.count():
                return
            self.keys("Tab")
        pytest.fail(f"{name} is out of reach")

    def chooses(self, name, label):
        self.goes_to(name)
        self.types(label)

    def picks(self, name, text):
        self.goes_to(name)
        self.found(text)
        self.keys("Tab")

    def picks_there(self, text):
        self.found(text)
        self.keys("Enter")

    def takes(self, name, text):
        """Writes a value as people do, and takes what is offered for it."""
        self.writes(name, text)
        self.form.locator("[data-reading]").first.wait_for()
        self.keys("Tab")

    def adds_a_row(self, _title):
        rows = self.form.locator(".form-group:not(.empty-form)")
        before = rows.count()
        self.keys("Alt+n")
        rows.nth(before).wait_for(state="attached")
        self.form.locator("tbody :focus").first.wait_for()

    def cites(self, locator):
        self.keys("Alt+a")
        self.form.locator(".will-be-cited-locator:focus").wait_for()
        self.types(locator)

    def saves(self):
        self.keys("Control+s")
        self.has_saved()


class Fingers(Hands):
    """Works by touch; what is out of sight is scrolled to first, as one does."""

    most = 75  # taps; there is no Tab, and a choice takes two
    person, office = "Luz Ortega", "River Crossings"

    def taps(self, what):
        what.first.tap()
        self.pressed += 1

    def begins(self, kind):
        self.taps(self.link(kind))
        self.has_opened()

    def goes_to(self, name):
        search = self.form.locator(f"[name='{name}'] + .select2-container")
        self.taps(search if search.count() else self.form.locator(f"[name='{name}']"))
        if search.count():
            self.form.locator(".select2-search__field:focus").wait_for()

    def chooses(self, name, label):
        self.goes_to(name)
        choice = self.form.locator(f"[name='{name}']")
        options = choice.locator("option").filter(has_text=re.compile(f"^{label}"))
        choice.select_option(options.first.get_attribute("value"))
        self.pressed += 1

    def picks(self, name, text):
        self.goes_to(name)
        self.taps(self.found(text))

    def takes(self, name, text):
        self.writes(name, text)
        self.taps(self.form.locator("[data-reading]"))

    def adds_a_row(self, title):
        tab = self.form.locator("#tabs-items a").filter(has_text=title)
        if "active" not in (tab.get_attribute("class") or ""):
            self.taps(tab)
        self.taps(self.form.locator(".add-row:visible"))
        self.form.locator("tbody :focus, .select2-search__field:focus").first.wait_for()

    def picks_there(self, text):
        self.taps(self.found(text))

    def cites(self, locator):
        self.taps(self.form.get_by_role("button", name="Cite for all"))
        self.form.locator(".will-be-cited-locator:focus").wait_for()
        self.types(locator)

    def saves(self):
        self.taps(self.page.locator(".entering-bar [data-save]"))
        self.has_saved()


def enter(hands):
    """Enters the article: each kind, each value with where it stands."""
    hands.begins("Official")
    hands.writes("name", hands.person)
    hands.writes("family_name", hands.person.split()[1])
    hands.cites("para. 1")
    hands.saves()
    hands.begins("Post")
    hands.writes("title", f"Director of {hands.office}")
    hands.picks("agency", "northern command")
    hands.cites("para. 1")
    hands.saves()
    hands.begins("Appointment")
    hands.picks("official", hands.person.lower())
    hands.picks("post", hands.office.lower())
    hands.chooses("kind", "sub")
    hands.writes("start", "2025-03")
    hands.cites("para. 1")
    hands.saves()
    hands.begins("Meeting")
    hands.writes("title", "Talks on the border")
    hands.chooses("format", "v")
    hands.writes("summary", "Four people met.")
    hands.writes("start", "2025-03-18")
    hands.picks("place", "washington")
    for name in ("guillot", "trevilla", hands.person.lower(), "sheinbaum"):
        hands.adds_a_row("Participations")
        hands.picks_there(name)
    hands.cites("para. 1")
    hands.saves()
    hands.begins("Agreement")
    hands.writes("title", "Memorandum on the border")
    hands.chooses("kind", "mem")
    hands.chooses("state", "sig")
    hands.writes("summary", "What the four signed.")
    hands.writes("start", "2025-03-18")
    for text in ("Share what is known.", "Meet twice a year."):
        hands.adds_a_row("Provisions")
        hands.types(text)
    hands.cites("para. 2")
    hands.saves()
    hands.begins("Deployment")
    hands.writes("title", "Patrols of a test")
    hands.chooses("kind", "op")
    hands.takes("personnel", "about 1,500")
    hands.writes("summary", "They were sent.")
    hands.takes("start", "mid-March 2025")
    hands.cites("para. 3")
    hands.saves()
    hands.begins("Observation")
    hands.picks("metric", "troops")
    hands.writes("value", "1500")
    hands.chooses("modality", "act")
    hands.writes("start", "2025-03")
    hands.cites("para. 3")
    hands.saves()


@pytest.fixture(params=[Keys, Fingers], ids=["by keys", "by touch"])
def hands(request, site, browser, curators_browser):
    """Somebody who enters an article of which the text is there."""
    options = PHONE if request.param is Fingers else {}
    context = browser.new_context(**options)
    context.add_cookies(curators_browser.cookies())
    page = context.new_page()
    page.goto(f"{site}/admin/provenance/source/add/")
    page.fill("[name=title]", f"An article of {time.monotonic_ns()}")
    page.select_option("[name=kind]", "news-article")
    page.get_by_role("button", name="Save and enter from it").click()
    page.fill("[name=text]", ARTICLE)
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator(".entering-text").wait_for()
    yield request.param(page)
    context.close()


@by_browser
def test_an_article_takes_few_keys_or_taps_beyond_its_text(hands):
    page = hands.page
    enter(hands)
    page.locator(".entering-entered").get_by_text("1,500 persons").last.wait_for()
    entered = page.locator(".entering-entered li").all_inner_texts()
    post = f"Director of {hands.office}, U.S. Northern Command"
    assert [text.removesuffix(" draft") for text in entered] == [
        hands.person,
        post,
        f"{hands.person}, {post} (March 2025)",
        "Talks on the border (18 March 2025)",
        "Memorandum on the border (18 March 2025)",
        "Patrols of a test (11–20 March 2025)",
        "Mexican troops at the border with the United States: "
        "1,500 persons (March 2025)",
    ]
    assert hands.pressed <= hands.most
    page.locator(".entering-entered a").filter(has_text="Talks").click()
    hands.form.locator(".evidence-mark").first.wait_for(state="attached")
    marks = hands.form.locator(".evidence-mark")
    told = marks.evaluate_all("all => all.map((mark) => mark.title)")
    assert [mark for mark in told if "no source" not in mark] == [
        "title: 1 source",
        "format: 1 source",
        "summary: 1 source",
        "start: 1 source",
        "place: 1 source",
        "participations: 1 source",
    ]


@by_browser
def test_the_page_is_accessible_and_nothing_is_out_of_sight(hands):
    page = hands.page
    assert violations(page, LAW) == []
    hands.begins("Meeting")
    assert violations(page, LAW) == []
    size = page.viewport_size
    frame = page.locator(".entering-form iframe").bounding_box()
    assert frame["y"] + frame["height"] <= size["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    tabs = hands.form.locator("#tabs-items a").evaluate_all(
        "all => all.map((tab) => tab.getBoundingClientRect().right)"
    )
    assert len(tabs) == 5
    assert max(tabs) <= frame["width"]


@by_browser
def test_a_form_that_is_closed_keeps_what_was_typed_and_one_that_is_saved_does_not(
    hands,
):
    page = hands.page
    hands.begins("Place")
    hands.writes("name", "Villa Cerrada")
    page.get_by_role("button", name="Close").click()
    hands.has_saved()
    hands.begins("Place")
    hands.form.get_by_role("button", name="Put it into the form").click()
    hands.form.get_by_text("Nothing is saved yet.").first.wait_for()
    assert hands.form.locator("[name=name]").input_value() == "Villa Cerrada"
    hands.chooses("kind", "city")
    hands.saves()
    hands.begins("Place")
    assert hands.form.locator(".draft-offered").count() == 0


@by_browser
def test_enter_leads_from_a_locator_back_to_the_field(hands):
    hands.begins("Place")
    hands.writes("name", "Villa del Renglón")
    hands.form.locator("[name=name]").press("Alt+c")
    hands.types("p. 4")
    hands.page.keyboard.press("Enter")
    assert hands.form.locator("[name=name]:focus").count() == 1
    told = hands.form.locator(".will-be-cited li").all_inner_texts()
    assert [line.split(":")[0] for line in told] == ["record", "name"]
    assert hands.form.locator("[data-field=name]").inner_text() == "will be cited"
