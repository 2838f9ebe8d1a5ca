"""The text of a file, to search and to quote; of a picture there is none.

What is read may have been made to do harm: a PDF is read in a process of its own, with
a limit to its time and its memory.
"""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

from .formats import HTML, PDF, TEXT

MAX_TEXT = 2_000_000  # characters that are kept
SECONDS = 20
UNSEEN = {"script", "style", "template", "noscript", "head"}
# What ends a line where it is shown.
BLOCKS = {
    *("p", "div", "br", "li", "tr", "table", "section", "article", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "figcaption", "pre"),
}
CHARSET = re.compile(rb"charset=[\"']?([a-zA-Z0-9_-]{1,40})")


def text_of(format, data):
    """The text in a file of this format; empty if there is none, or none to be read."""
    read = {PDF: _of_pdf, HTML: _of_html, TEXT: _of_text}.get(format)
    return _tidy(read(data)) if read else ""


def _tidy(text):
    lines = (" ".join(line.split()) for line in text.replace("\0", "").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:MAX_TEXT]


def _of_text(data):
    return data.decode("utf-8-sig")


def _of_pdf(data):
    program = Path(__file__).with_name("pdf_reader.py")
    try:
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-I", str(program)],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def _of_html(data):
    told = CHARSET.search(data[:4096])
    encoding = told[1].decode("ascii") if told else "utf-8"
    try:
        page = data.decode(encoding, "replace")
    except LookupError:
        page = data.decode("utf-8", "replace")
    shown = _Shown()
    shown.feed(page)
    shown.close()
    return "".join(shown.parts)


class _Shown(HTMLParser):
    """Gathers what a page shows."""

    def __init__(self):
        super().__init__()
        self.parts, self.unseen = [], 0

    def handle_starttag(self, tag, attrs):
        if tag in UNSEEN:
            self.unseen += 1
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag):
        if tag in UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif tag in BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data):
        if not self.unseen:
            self.parts.append(data)
