"""A program that writes the text of the PDF on its input, page by page.

It runs by itself, with limits that it sets to itself before it reads anything.
"""

import io
import resource
import sys

MEMORY, SECONDS, PAGES = 512 << 20, 15, 2_000


def limit():
    """Sets an end to the memory and the time of this process; it writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def main():
    limit()
    from pypdf import PdfReader  # what it loads counts as well

    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
    for number, page in enumerate(reader.pages):
        if number == PAGES:
            break
        text = page.extract_text() or ""
        sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n\n")


if __name__ == "__main__":
    main()
