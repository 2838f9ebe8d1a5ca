"""Scripts of words, and letters of one script that look like those of another.

A Paul with a Cyrillic a looks like Paul. Only such words are looked at, in which Latin
letters stand beside others: a word that is all Cyrillic or all Greek is what it is.
"""

import re

LATIN = "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff"
OTHERS = {
    "Cyrillic": "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
}
WORD = re.compile(r"[^\W\d_]+")
A_LATIN_LETTER = re.compile(f"[{LATIN}]")
A_LETTER_OF = {name: re.compile(f"[{letters}]") for name, letters in OTHERS.items()}
ANOTHER_LETTER = re.compile(f"[{''.join(OTHERS.values())}]")

# The letters beside each Latin one are drawn like it in most typefaces.
LOOKALIKES = str.maketrans(
    {
        other: latin
        for latin, others in {
            "A": "\u0410\u0391",
            "B": "\u0412\u0392",
            "C": "\u0421\u03f9",
            "D": "\u0500",
            "E": "\u0415\u0395",
            "G": "\u050c",
            "H": "\u041d\u0397",
            "I": "\u0406\u04c0\u0399",
            "J": "\u0408\u037f",
            "K": "\u041a\u039a",
            "M": "\u041c\u039c",
            "N": "\u039d",
            "O": "\u041e\u039f",
            "P": "\u0420\u03a1",
            "Q": "\u051a",
            "S": "\u0405",
            "T": "\u0422\u03a4",
            "W": "\u051c",
            "X": "\u0425\u03a7",
            "Y": "\u04ae\u03a5",
            "Z": "\u0396",
            "a": "\u0430\u03b1",
            "c": "\u0441\u03f2",
            "d": "\u0501",
            "e": "\u0435",
            "h": "\u04bb",
            "i": "\u0456\u03b9",
            "j": "\u0458\u03f3",
            "k": "\u043a\u03ba",
            "l": "\u04cf",
            "n": "\u03b7",
            "o": "\u043e\u03bf",
            "p": "\u0440\u03c1",
            "q": "\u051b",
            "s": "\u0455",
            "u": "\u03c5",
            "v": "\u0475\u03bd",
            "w": "\u051d",
            "x": "\u0445\u03c7",
            "y": "\u0443\u04af\u03b3",
        }.items()
        for other in others
    }
)


def mixed_words(text):
    """The words in which letters of another script stand beside Latin ones."""
    if text.isascii() or not ANOTHER_LETTER.search(text):
        return []
    return [word for word in WORD.findall(text) if _is_mixed(word)]


def scripts_of(word):
    """The scripts beside Latin of which a word has letters."""
    return [name for name, letter in A_LETTER_OF.items() if letter.search(word)]


def as_it_looks(text):
    """The text with each mixed word in the Latin letters that it seems to have."""
    if text.isascii() or not ANOTHER_LETTER.search(text):
        return text
    return WORD.sub(
        lambda word: word[0].translate(LOOKALIKES) if _is_mixed(word[0]) else word[0],
        text,
    )


def _is_mixed(word):
    return bool(A_LATIN_LETTER.search(word) and ANOTHER_LETTER.search(word))
