"""Text as people search it: no accents, no case, the same on every database."""

import re
import unicodedata

from .scripts import as_it_looks

# Letters that Unicode does not take apart into a base letter and an accent.
LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
    }
)
NOT_A_WORD = re.compile(r"[\W_]+")


def fold(text):
    """``José Núñez-Ørsted`` as ``jose nunez orsted``: NFKD, no marks, casefold.

    A word that mixes scripts is folded as the Latin one that it looks like.
    """
    text = str(text)
    if text.isascii():
        return NOT_A_WORD.sub(" ", text.lower()).strip()
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not unicodedata.combining(c))
    # Some letters have a Latin look only as capitals, and some only as small ones.
    text = as_it_looks(as_it_looks(text).casefold()).translate(LETTERS)
    return NOT_A_WORD.sub(" ", text).strip()
