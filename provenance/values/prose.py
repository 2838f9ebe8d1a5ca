"""What all readings of prose share: words without accents and case, and signs."""

from django.core.exceptions import ValidationError

from .folding import fold

ABOUT = (
    "about",
    "around",
    "approximately",
    "approx",
    "roughly",
    "some",
    "nearly",
    "circa",
    "ca",
    "c",
    "hacia",
    "alrededor de",
    "aproximadamente",
    "cerca de",
    "unos",
    "unas",
    "casi",
)
LINKS = ("between", "from", "entre", "de", "del", "desde")
WORDS_TO = ("to", "and", "through", "until", "y", "a", "al", "hasta")
TO = rf"\s*(?:–|—|-|\.\.|\b(?:{'|'.join(WORDS_TO)})\b)\s*"


def plain(text):
    """A text without accents and case; its signs stay."""
    kept = "".join(fold(sign) or sign for sign in text)
    return " ".join(kept.replace("\u2011", "-").split()).strip(" .")


def behind(text, words):
    """What stands behind one of these words; empty if none begins the text."""
    for word in sorted(words, key=len, reverse=True):
        if text.startswith((f"{word} ", f"{word}. ")):
            return text[len(word) :].lstrip(". ")
    return ""


def is_one(kind, text):
    try:
        kind(text)
    except ValidationError:
        return False
    return bool(text)
