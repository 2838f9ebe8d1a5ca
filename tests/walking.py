"""Walks the public pages as a reader does: by their links."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import NamedTuple

LINK = re.compile(r'href="([^"]+)"')
NOT_PAGES = ("/api/", "/static/", "/admin/", "//")


def links_on(answer):
    """The addresses of this site that a page leads to, without what is behind a #."""
    found = (unescape(link) for link in LINK.findall(answer.content.decode()))
    return [link.partition("#")[0] for link in found if link.startswith("/")]


def is_page(answer):
    """Whether an answer is for people."""
    return answer["Content-Type"].startswith("text/html")


def every_page(client, *first, most=1000):
    """The answer of each page that links lead to, by its address.

    Each way to ask the same page otherwise is followed from the first pages alone: else
    filters of filters would never end.
    """
    answers, waiting = {}, [*(first or ("/",))]
    begun = set(waiting)
    while waiting and len(answers) < most:
        address = waiting.pop(0)
        if address in answers:
            continue
        answers[address] = answer = client.get(address, follow=True)
        if answer.status_code != 200 or not is_page(answer):
            continue
        for link in links_on(answer):
            asks_on = "?" in link and address not in begun
            if not link.startswith(NOT_PAGES) and not asks_on and "now" not in link:
                waiting.append(link)
    return answers


def text_of(answer):
    """What a page says, without its markup."""
    body = re.sub(r"(?s)<(script|style|svg).*?</\1>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


class Spoken(NamedTuple):
    """A text that a page says: in which language, and in an attribute of which name."""

    language: str
    attribute: str  # empty for what stands on the page itself
    text: str


def spoken_on(answer):
    """All that a page says to its readers, but for code."""
    reader = _Reader()
    reader.feed(answer.content.decode())
    return reader.said


class _Reader(HTMLParser):
    """Reads the texts of a page, each in the language that the page says it is in."""

    ATTRIBUTES = ("title", "aria-label", "alt", "data-label", "placeholder")
    EMPTY = frozenset(["br", "hr", "img", "input", "link", "meta"])
    NOT_READ = frozenset(["script", "style", "code"])

    def __init__(self):
        super().__init__()
        self.said, self.inside = [], [("", "", True)]

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        _tag, language, is_read = self.inside[-1]
        language = attributes.get("lang", language)
        for name in self.ATTRIBUTES:
            self.say(language, name, attributes.get(name))
        if attributes.get("name") == "description":
            self.say(language, "description", attributes["content"])
        if tag not in self.EMPTY:
            self.inside.append((tag, language, is_read and tag not in self.NOT_READ))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.EMPTY:
            self.inside.pop()

    def handle_endtag(self, tag):
        tags = [each for each, _language, _is_read in self.inside]
        if tag in tags:
            del self.inside[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data):
        _tag, language, is_read = self.inside[-1]
        if is_read:
            self.say(language, "", data)

    def say(self, language, attribute, text):
        if text and (text := " ".join(text.split())):
            self.said.append(Spoken(language, attribute, text))
