"""Text as people search it: no accents, no case, the same on every database."""

import re
import unicodedata

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
    """``José Núñez-Ørsted`` as ``jose nunez orsted``: NFKD, no marks, casefold."""
    text = str(text)
    if not text.isascii():  # what is has no marks, and none of these letters
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c)).casefold()
        text = text.translate(LETTERS)
    return NOT_A_WORD.sub(" ", text.lower() if text.isascii() else text).strip()
