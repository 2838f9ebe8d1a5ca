"""Walks the public pages as a reader does: by their links."""

import re
from html import unescape

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
