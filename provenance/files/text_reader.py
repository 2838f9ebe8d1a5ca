"""A program that writes the text of the file on its input: a PDF, or a saved page.

What it reads may have been made to do harm, so that it runs by itself, with limits that
it sets to itself before it reads anything.
"""

import io
import re
import resource
import sys
from html.parser import HTMLParser

MEMORY, SECONDS, PAGES, MAX_TEXT = 512 << 20, 15, 2_000, 2_000_000
UNSEEN = {"script", "style", "template", "noscript", "head"}
# What ends a line where it is shown.
BLOCKS = {
    *("p", "div", "br", "li", "tr", "table", "section", "article", "blockquote"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "header", "footer", "figcaption", "pre"),
}
CHARSET = re.compile(rb"charset=[\"']?([a-zA-Z0-9_-]{1,40})")
ENCODINGS = {"utf-8", "utf8", "us-ascii", "utf-16", "macintosh", "shift_jis", "big5"}
FAMILIES = ("iso-8859-", "windows-125", "cp125", "latin", "koi8-")


def limit():
    """Sets an end to the memory and the time of this process; it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def of_pdf(data):
    """The texts of the pages."""
    from pypdf import PdfReader

    for number, page in enumerate(PdfReader(io.BytesIO(data)).pages):
        if number == PAGES:
            return
        yield (page.extract_text() or "") + "\n\n"


def of_html(data):
    """What a page shows."""
    told = CHARSET.search(data[:4096])
    encoding = told[1].decode("ascii").lower() if told else "utf-8"
    if encoding not in ENCODINGS and not encoding.startswith(FAMILIES):
        encoding = "utf-8"
    try:
        page = data.decode(encoding, "replace")
    except LookupError:
        page = data.decode("utf-8", "replace")
    shown = Shown()
    shown.feed(page)
    shown.close()
    yield from shown.parts


class Shown(HTMLParser):
    """Gathers what a page shows."""

    def __init__(self):
        super().__init__()
        self.parts, self.unseen = [], 0

    def handle_starttag(self, tag, attrs):
        if tag == "body":
            self.unseen = 0  # whatever was left open before it
        elif tag in UNSEEN:
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


def main():
    limit()
    read = {"pdf": of_pdf, "html": of_html}[sys.argv[1]]
    left = MAX_TEXT
    for text in read(sys.stdin.buffer.read()):
        sys.stdout.buffer.write(text[:left].encode("utf-8", "replace"))
        left -= len(text)
        if left <= 0:
            return


if __name__ == "__main__":
    main()
