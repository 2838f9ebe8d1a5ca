"""Measures how similar two names are, and gives the reason."""

from dataclasses import dataclass
from operator import eq

from django.utils.translation import gettext as _
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import token_sort_ratio

from ..values.folding import fold
from ..values.scripts import mixed_words
from .name_words import (
    generations_of,
    glued,
    initials_of,
    legal_form_of,
    remembered,
    words_of,
    words_of_person,
)
from .sounds import sound_alike

SHORTEST_MISSPELT = 5  # in shorter words another letter makes another word
ENOUGH_OF_A_NAME = 3  # words, where the first given name is left out
ALIKE_TITLES = 80  # percent, of titles in different words
folded = remembered(fold)


@dataclass(frozen=True)
class Likeness:
    """How alike two names are, in percent, and why."""

    score: int
    reason: str


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
    forms = {legal_form_of(one), legal_form_of(other)} - {""}
    if not ours or not theirs or len(forms) > 1:
        return None
    if same := _same(one, other, ours, theirs):
        return _but_for_the_form(same, one, other)
    for short, name in ((one, other), (other, one)):
        if len(words_of(short)) == 1 and words_of(short)[0] in initials_of(name):
            return Likeness(
                90,
                _("“%(short)s” are the initials of “%(name)s”")
                % {"short": short, "name": name},
            )
    return _misspelt(one, other, ours, theirs, is_misspelt)


def _but_for_the_form(same, one, other):
    """What is said of two that are the same, where one leaves its legal form out."""
    if legal_form_of(one) == legal_form_of(other):
        return same
    said = _("“%(one)s” and “%(other)s”: the same but for the legal form")
    return Likeness(96, _two(said, one, other))


def likeness_of_people(one, other):
    """How alike two names of people are; a family name alone says nothing."""
    ours, theirs = words_of_person(one), words_of_person(other)
    fewest, most = sorted((len(ours), len(theirs)))
    if most < 2 or generations_of(ours) != generations_of(theirs):
        return None
    if fewest < 2 and glued(one) != glued(other):
        return None
    if same := _same(one, other, ours, theirs):
        return same
    short, long = sorted((ours, theirs), key=len)
    if _initials_agree(short, long):
        return Likeness(
            95,
            _two(_("“%(one)s” and “%(other)s”: the same but for initials"), one, other),
        )
    if _is_part(short, long):
        return Likeness(
            88,
            _two(
                _("“%(one)s” and “%(other)s”: one is a part of the other"), one, other
            ),
        )
    return _misspelt(
        one, other, ours, theirs, slip=_is_slip_in_a_name, by_ear=_is_by_ear
    )


def _is_slip_in_a_name(one, other):
    """Whether a slip made one word of a person's name of the other.

    Hernández is not Fernández, and Julio is not Julia.
    """
    return one[0] == other[0] and is_misspelt(one, other) and _of_one_gender(one, other)


def _is_by_ear(one, other):
    return sound_alike(one, other) and _of_one_gender(one, other)


def _of_one_gender(one, other):
    return _without_gender(one) != _without_gender(other)


def _without_gender(word):
    return word[:-1] if word[-1:] in ("a", "o") else word


def likeness_of_titles(one, other):
    """How alike two titles of what happened to the same, at one time, are."""
    if alike := likeness(one, other):
        return alike
    ours, theirs = set(words_of(one)), set(words_of(other))
    if _numbered_apart(ours, theirs):
        return None
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


def _numbered_apart(ours, theirs):
    """Whether two titles are of one series: the same words, and other numbers."""
    differing = ours ^ theirs
    return bool(ours - theirs and theirs - ours) and all(map(str.isdigit, differing))


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
    if ours == theirs or "".join(ours) == "".join(theirs) or glued(one) == glued(other):
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


def _misspelt(one, other, ours, theirs, slip, by_ear=None):
    """Whether two names have as many words, and all but some slips in common.

    Words that are written by ear may be all of them.
    """
    if len(ours) != len(theirs):
        return None
    left, right = list(ours), list(theirs)
    pairs = _paired(left, right, eq)
    if by_ear:
        pairs += _paired(left, right, by_ear)
    if len(left) > max(1, len(ours) // 2):
        return None
    pairs += _paired(left, right, slip)
    if left:
        return None
    whole = map(" ".join, zip(*sorted(pairs), strict=True))
    return _by_percent(one, other, 100 * OSA.normalized_similarity(*whole))


def _paired(left, right, may_be_one):
    """The words of two lists that may be one, which are taken out of both."""
    pairs = []
    for word in list(left):
        found = next((other for other in right if may_be_one(word, other)), None)
        if found is not None:
            left.remove(word)
            right.remove(found)
            pairs.append((word, found))
    return pairs


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


def _is_part(short, long):
    """Whether one name leaves words of the other out: a second given or family name.

    The first given name stays, or else enough others.
    """
    rest = list(long)
    for word in short:
        if word not in rest:
            return False
        rest.remove(word)
    return long[0] in short or len(short) >= ENOUGH_OF_A_NAME
