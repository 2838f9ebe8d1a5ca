"""Warns of cells that may be wrong: encoded twice, or of mixed scripts."""

import re

from django.utils.translation import gettext as _

from ..values.scripts import mixed_words, scripts_of
from .faults import shown

WORD = re.compile(r"[^ \t\r\n]+")  # a no-break space may be the half of a letter

# Each byte as programs show it that take UTF-8 for Latin-1 or a code page of Windows.
BYTES = {chr(byte): byte for byte in range(0x80, 0x100)} | {
    sign: byte
    for byte in range(0x80, 0x100)
    if (sign := bytes([byte]).decode("cp1252", "ignore"))
}
FURTHER = "".join(re.escape(sign) for sign, byte in BYTES.items() if byte < 0xC0)
# The beginnings of letters with accents, of typographic signs, of Cyrillic.
TELLTALE = re.compile(f"[ÂÃÄÅÐÑ][{FURTHER}]|â[{FURTHER}]{{2}}|ï»¿")


def suspicions(cell):
    """What looks wrong in a cell, as sentences."""
    if cell.isascii():
        return []
    return [*_double_encoded(cell), *_mixed(cell)]


def _double_encoded(cell):
    if TELLTALE.search(cell):
        for word in WORD.findall(cell):
            if TELLTALE.search(word) and (meant := _decoded(word)):
                yield _(
                    "“%(word)s” looks encoded twice; is “%(meant)s” meant? Save the "
                    "file as UTF-8."
                ) % {"word": shown(word), "meant": shown(meant)}
                return  # the same mistake is behind every such word


def _decoded(word):
    """What a word says if its characters are bytes of UTF-8; empty if nothing."""
    try:
        return bytes(BYTES.get(sign, ord(sign)) for sign in word).decode()
    except ValueError:  # a character that is no byte, or bytes that are no UTF-8
        return ""


def _mixed(cell):
    for word in mixed_words(cell):
        yield _(
            "“%(word)s” mixes scripts: Latin and %(other)s letters, which can look the "
            "same."
        ) % {"word": shown(word), "other": _(" and ").join(scripts_of(word))}
