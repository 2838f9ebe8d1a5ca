"""Measures how similar two names are, and gives the reason."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from ..values.folding import fold
from ..values.scripts import mixed_words

# Words that names gain and lose.
ENGLISH = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "the", "to"}
SPANISH = {"al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "para", "y"}
SMALL = ENGLISH | SPANISH
SPELLED_OUT = re.compile(r"\b(\w) (?=\w\b)")  # the u s of U.S.
SHORTEST_MISSPELT = 5  # in shorter words another letter makes another word
ALIKE_TITLES = 80  # percent, of titles in different words
remembered = lru_cache(100_000)  # a name is compared with many others
folded = remembered(fold)


@dataclass(frozen=True)
class Likeness:
    """How alike two names are, in percent, and why."""

    score: int
    reason: str


@remembered
def words_of(name):
    """The words of a name that tell it from others, folded, in their order."""
    folded = SPELLED_OUT.sub(r"\1", fold(name))
    words = tuple(word for word in folded.split() if word not in SMALL)
    return words or tuple(folded.split())


@remembered
def initials_of(name):
    """What a name of three words or more may be called by its initials."""
    every = fold(name).split()
    kept = [word for word in every if word not in SMALL]
    return {
        "".join(word[0] for word in words) for words in (every, kept) if len(words) > 2
    }


def is_misspelt(one, other):
    """Whether two words differ by one slip: a letter more, less, other or moved."""
    return (
        min(len(one), len(other)) >= SHORTEST_MISSPELT
        and not (one + other).isdigit()
        and OSA.distance(one, other, score_cutoff=1) == 1
    )


def likeness(one, other):
    """How alike two names of anything are; None if they are not."""
    ours, theirs = words_of(one), words_of(other)
    if not ours or not theirs:
        return None
    if same := _same(one, other, ours, theirs):
        return same
    for short, name in ((one, other), (other, one)):
        if len(words_of(short)) == 1 and words_of(short)[0] in initials_of(name):
            return Likeness(
                90,
                _("“%(short)s” are the initials of “%(name)s”")
                % {"short": short, "name": name},
            )
    return _misspelt(one, other, ours, theirs)


def likeness_of_people(one, other):
    """How alike two names of people are; a family name alone says nothing."""
    ours, theirs = words_of_person(one), words_of_person(other)
    if min(len(ours), len(theirs)) < 2:
        return None
    if same := _same(one, other, ours, theirs):
        return same
    short, long = sorted((ours, theirs), key=len)
    if _initials_agree(short, long):
        return Likeness(
            95,
            _two(_("“%(one)s” and “%(other)s”: the same but for initials"), one, other),
        )
    if short[0] == long[0] and _in_order(short, long):
        return Likeness(
            88,
            _two(
                _("“%(one)s” and “%(other)s”: one is a part of the other"), one, other
            ),
        )
    return _misspelt(one, other, ours, theirs)


@remembered
def words_of_person(name):
    """The words of a person's name; initials are words, each by itself."""
    words = fold(name).split()
    return tuple(word for word in words if word not in SMALL or len(word) == 1)


def likeness_of_titles(one, other):
    """How alike two titles of what happened to the same, at one time, are."""
    if alike := likeness(one, other):
        return alike
    ours, theirs = set(words_of(one)), set(words_of(other))
    if min(len(ours), len(theirs)) > 1 and (ours <= theirs or theirs <= ours):
        return Likeness(
            85,
            _two(
                _("“%(one)s” and “%(other)s”: one is a part of the other"), one, other
            ),
        )
    score = token_sort_ratio(" ".join(words_of(one)), " ".join(words_of(other)))
    if score < ALIKE_TITLES:
        return None
    return _by_percent(one, other, score)


def _same(one, other, ours, theirs):
    """Whether two names are one but for how it is written."""
    if one == other:
        return Likeness(100, _("both are called “%s”") % one)
    if folded(one) == folded(other):
        said = _("“%(one)s” and “%(other)s”: the same but for accents or case")
        if mixed_words(one) or mixed_words(other):
            said = _(
                "“%(one)s” and “%(other)s” look the same, in letters of two scripts"
            )
        return Likeness(100, _two(said, one, other))
    if ours == theirs or "".join(ours) == "".join(theirs):
        return Likeness(
            99,
            _two(
                _("“%(one)s” and “%(other)s”: the same but for small words"), one, other
            ),
        )
    if sorted(ours) == sorted(theirs):
        return Likeness(
            98,
            _two(
                _("“%(one)s” and “%(other)s”: the same words in another order"),
                one,
                other,
            ),
        )
    return None


def _misspelt(one, other, ours, theirs):
    """Whether two names have as many words, and all but some slips in common."""
    if len(ours) != len(theirs):
        return None
    left, right = list(ours), list(theirs)
    for word in ours:
        if word in right:
            left.remove(word)
            right.remove(word)
    if not left or len(left) > max(1, len(ours) // 2):
        return None
    for word in left:
        slip = next((found for found in right if is_misspelt(word, found)), None)
        if slip is None:
            return None
        right.remove(slip)
    whole = [" ".join(sorted(words)) for words in (ours, theirs)]
    return _by_percent(one, other, 100 * OSA.normalized_similarity(*whole))


def _by_percent(one, other, score):
    score = min(97, int(score))  # the same words are more alike
    said = _("“%(one)s” and “%(other)s” are %(score)d%% alike")
    return Likeness(score, said % {"one": one, "other": other, "score": score})


def _two(said, one, other):
    return said % {"one": one, "other": other}


def _initials_agree(short, long):
    """Whether two names differ only by initials, left out or written out."""
    rest, whole, lacking = list(long), 0, []
    for word in short:
        if len(word) > 1 and word in rest:
            rest.remove(word)
            whole += 1
        else:
            lacking.append(word)
    for word in lacking:
        match = next(
            (
                other
                for other in rest
                if other[0] == word[0] and 1 in (len(other), len(word))
            ),
            None,
        )
        if match is None:
            return False
        rest.remove(match)
    return whole > 0 and all(len(word) == 1 for word in rest)


def _in_order(short, long):
    rest = iter(long)
    return all(word in rest for word in short)
