"""Finds which words of a text were removed and which added."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\w+|\s+|[^\w\s]")
ENOUGH = 400  # words on each side that are compared one by one: it takes their product
AROUND, AT_MOST = 80, 600  # characters that are kept of what is the same, and of others
CUT = "…"


@dataclass(frozen=True)
class Piece:
    """A piece of a text, and whether the other text has it as well."""

    text: str
    is_marked: bool = False


def marked(before, after):
    """Two texts in pieces, those marked that only one of them has."""
    one, other = WORD.findall(before), WORD.findall(after)
    start = _shared(one, other)
    end = _shared(one[start:][::-1], other[start:][::-1])
    middle = [words[start : len(words) - end] for words in (one, other)]
    edges = "".join(one[:start]), "".join(one[len(one) - end :])
    return tuple(
        _joined([Piece(edges[0]), *pieces, Piece(edges[1])])
        for pieces in _compared(*middle)
    )


def abridged(before, after):
    """The two texts, shortened where they are long: what differs stays in sight."""
    if len(before) + len(after) <= 2 * AT_MOST:
        return before, after
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    head = before[:start]
    if len(head) > AROUND:
        head = CUT + head[-AROUND:]
    tail = before[len(before) - end :]
    if len(tail) > AROUND:
        tail = tail[:AROUND] + CUT
    middles = (text[start : len(text) - end] for text in (before, after))
    return tuple(head + _cut(middle) + tail for middle in middles)


def _cut(text):
    return text if len(text) <= AT_MOST else text[:AT_MOST] + CUT


def _shared(one, other):
    """How many items both begin with."""
    for number, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return number
    return min(len(one), len(other))


def _compared(one, other):
    if not one or not other or max(len(one), len(other)) > ENOUGH:
        return [Piece("".join(one), True)], [Piece("".join(other), True)]
    pieces = [], []
    for what, *places in SequenceMatcher(None, one, other, False).get_opcodes():
        spans = one[places[0] : places[1]], other[places[2] : places[3]]
        for side, words in zip(pieces, spans, strict=True):
            side.append(Piece("".join(words), what != "equal"))
    return pieces


def _joined(pieces):
    """The pieces without empty ones, those that follow their like joined to it."""
    joined = []
    for piece in pieces:
        if joined and joined[-1].is_marked == piece.is_marked:
            joined[-1] = Piece(joined[-1].text + piece.text, piece.is_marked)
        elif piece.text:
            joined.append(piece)
    return joined
