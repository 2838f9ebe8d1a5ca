"""The order in which people look for names, the same on every database.

Accents, case and signs make no difference, digits go by their value, and ñ comes behind
all other n, as in Spanish (https://www.unicode.org/reports/tr10/ calls such a text a
sort key). Keys are compared byte by byte.
"""

import re
import unicodedata

from .folding import fold

LONGEST = 120  # characters; what differs only behind them is ordered by something else
BEHIND_Z = "~"
# A letter that folding leaves alone, and nobody's name is written with.
STAND_IN = "\u9f98"
DIGITS = re.compile(r"\d+")


def sort_key(text):
    """What a name is ordered by."""
    text = unicodedata.normalize("NFC", str(text))
    text = text.replace("ñ", f"n{STAND_IN}").replace("Ñ", f"n{STAND_IN}")
    words = fold(text).replace(STAND_IN, BEHIND_Z)
    return DIGITS.sub(_by_value, words)[:LONGEST]


def _by_value(match):
    """Digits behind how many there are: 2 before 10, as 12 before 210."""
    digits = match[0].lstrip("0") or "0"
    return f"{min(len(digits), 99):02}{digits}"
