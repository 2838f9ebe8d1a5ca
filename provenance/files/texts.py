"""The text of a file, to search and to quote; of a picture there is none.

A PDF or a page is read in a process of its own, with limits to its time and memory.
"""

import re
import subprocess
import sys
from pathlib import Path

from .formats import HTML, PDF, TEXT

MAX_TEXT = 2_000_000  # characters that are kept
SECONDS = 20


def text_of(format, data):
    """The text in a file of this format; empty if there is none, or none to be read."""
    if format is TEXT:
        return _tidy(data.decode("utf-8-sig"))
    return _tidy(_read_apart(format, data)) if format in (PDF, HTML) else ""


def _tidy(text):
    lines = (" ".join(line.split()) for line in text.replace("\0", "").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:MAX_TEXT]


def _read_apart(format, data):
    program = Path(__file__).with_name("text_reader.py")
    try:
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-I", str(program), format.ending],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""
