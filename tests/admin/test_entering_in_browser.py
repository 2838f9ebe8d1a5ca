"""An article is entered on one page, by the keyboard, beside its text."""

import re
import time

import pytest

from tests.browsing import LAW, violations
from tests.depth import in_depth

by_browser = in_depth("A browser takes a minute for it.")

MOST = 60  # keys and clicks for the article, beyond what is typed
ARTICLE = """Washington, 18 March 2025. Ana Ruiz, director of border affairs, met three
others. They signed a memorandum and sent about 1,500 people to the border."""


class Hands:
    """A curator who works by keys, each of which is counted; letters are not."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def keys(self, *names):
        for name in names:
            self.page.keyboard.press(name)
            self.pressed += 1

    def types(self, text):
        self.page.keyboard.type(text)

    def picks(self, text):
        """Types into a relation, and takes what is found first."""
        self.types(text)
        found = self.form.locator(".select2-results__option--highlighted")
        found.filter(has_text=re.compile(text, re.IGNORECASE)).wait_for()
        self.keys("Enter")

    def writes(self, text):
        """Types a value as people write it, and takes what is offered for it."""
        self.types(text)
        self.form.locator("[data-reading]").first.wait_for()
        self.keys("Tab")

    @property
    def form(self):
        return self.page.frame_locator(".entering-form iframe")

    def begins(self, kind):
        """Opens a form by the key of a kind, and waits until it has the keyboard."""
        link = self.page.locator(".entering-kinds a").filter(has_text=kind).first
        self.keys(link.get_attribute("data-enter"))
        self.form.locator("fieldset :focus").first.wait_for()

    def saves(self):
        self.keys("Control+s")
        self.page.locator(".entering-form").wait_for(state="hidden")

    def adds_a_row(self, field, number):
        self.keys("Alt+n")
        row = self.form.locator(f"[name={field.replace('0', str(number), 1)}]")
        row.wait_for(state="attached")
        self.form.locator(".dynamic-formset :focus, tr :focus").first.wait_for()


@pytest.fixture
def hands(desk, site):
    """Somebody who enters an article of which the text is there."""
    desk.goto(f"{site}/admin/provenance/source/add/")
    desk.fill("[name=title]", f"An article of {time.monotonic_ns()}")
    desk.select_option("[name=kind]", "news-article")
    desk.get_by_role("button", name="Save and enter from it").click()
    desk.fill("[name=text]", ARTICLE)
    desk.get_by_role("button", name="Add", exact=True).click()
    desk.locator(".entering-text").wait_for()
    return Hands(desk)


@by_browser
def test_an_article_takes_few_keys_beyond_its_text(hands):
    page = hands.page
    hands.begins("Official")
    hands.types("Ana Ruiz")
    hands.keys("Tab")
    hands.types("Ruiz")
    hands.saves()
    hands.begins("Post")
    hands.types("Director of Border Affairs")
    hands.keys("Tab")
    hands.picks("northern command")
    hands.saves()
    hands.begins("Appointment")
    hands.picks("ana ruiz")
    hands.keys("Tab", "Tab")
    hands.picks("border affairs")
    hands.keys("Tab", "Tab")
    hands.types("sub")
    hands.keys("Tab", "Tab")
    hands.types("2025-03")
    hands.saves()
    hands.begins("Meeting")
    hands.types("Talks on the border")
    hands.keys("Tab")
    hands.types("v")
    hands.keys("Tab", "Tab", "Tab")
    hands.types("Four people met.")
    hands.keys("Tab")
    hands.types("2025-03-18")
    hands.keys("Tab", "Tab")
    hands.picks("washington")
    for number, name in enumerate(("guillot", "trevilla", "ana ruiz", "sheinbaum")):
        hands.adds_a_row("participations-0-official", number)
        hands.picks(name)
    hands.saves()
    hands.begins("Agreement")
    hands.types("Memorandum on the border")
    hands.keys("Tab")
    hands.types("mem")
    hands.keys("Tab")
    hands.types("sig")
    hands.keys("Tab")
    hands.types("What the four signed.")
    hands.keys("Tab")
    hands.types("2025-03-18")
    for number, text in enumerate(("Share what is known.", "Meet twice a year.")):
        hands.adds_a_row("provisions-0-text", number)
        hands.types(text)
    hands.saves()
    hands.begins("Deployment")
    hands.types("Patrols of a test")
    hands.keys("Tab")
    hands.types("op")
    hands.keys("Tab")
    hands.writes("about 1,500")
    hands.keys("Tab", "Tab")
    hands.types("They were sent.")
    hands.keys("Tab")
    hands.writes("mid-March 2025")
    hands.saves()
    hands.begins("Observation")
    hands.picks("troops")
    hands.keys("Tab", "Tab")
    hands.types("1500")
    hands.keys("Tab", "Tab")
    hands.types("act")
    hands.keys("Tab")
    hands.types("2025-03")
    hands.saves()
    entered = page.locator(".entering-entered li").all_inner_texts()
    assert [text.removesuffix(" draft") for text in entered] == [
        "Ana Ruiz",
        "Director of Border Affairs, U.S. Northern Command",
        "Ana Ruiz, Director of Border Affairs, U.S. Northern Command (March 2025)",
        "Talks on the border (18 March 2025)",
        "Memorandum on the border (18 March 2025)",
        "Patrols of a test (11–20 March 2025)",
        "Mexican troops at the border with the United States: 1500 (2025-03)",
    ]
    assert hands.pressed <= MOST


@by_browser
@pytest.mark.parametrize("width", [1440, 390])
def test_the_page_is_accessible_wide_and_on_a_phone(hands, width):
    hands.page.set_viewport_size({"width": width, "height": 800})
    assert violations(hands.page, LAW) == []
    hands.begins("Meeting")
    assert hands.page.evaluate("document.documentElement.scrollWidth") <= width
    assert violations(hands.page, LAW) == []
