"""Words that records are searched for by, and the words that stand for a mistyped one.

Everything here is about folded text, in which words stand one blank apart.
"""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from .folding import fold

MAX_TERMS, MAX_TERM = 8, 100
EDGE = 2  # letters by which the words that may be like one are picked
SHORTEST_TO_MISTYPE, LONG = 4, 8
MOST_SLIPS = 2
WHOLE_NUMBER = 4  # digits with which a number is one, and no beginning of a longer one
# Digits in groups of three: 10,000 as 10.000 and 10’000.
GROUPED = re.compile(
    r"(?<![\w.,])[0-9]{1,3}(?:([,.'’\u00a0\u2009\u202f])[0-9]{3})"
    r"(?:\1[0-9]{3})*(?![0-9])"
)
NOT_A_DIGIT = re.compile("[^0-9]")
# Words that make a question of others, in English and Spanish, folded.
ASKING = frozenset(
    """
    a about an and are at by did do does for from had has have how in is it its many
    much of on or that the their there to was were what when where which who whom
    whose why with al como con cual cuales cuando cuanta cuantas cuanto cuantos de
    del donde el en entre es esta estan fue fueron ha han hubo la las lo los o para
    por que quien quienes se su sus un una y
    """.split()  # noqa: SIM905  as one reads them
)


def searchable(text):
    """Folded text in which a number is one word, in whatever groups it is written."""
    return fold(GROUPED.sub(lambda number: NOT_A_DIGIT.sub("", number[0]), str(text)))


def is_number(term):
    """Whether a word is a number by itself, such as a year or 15000."""
    return len(term) >= WHOLE_NUMBER and term.isdecimal()


def without_asking(text):
    """The words of a query that say what is looked for, if it has any of these."""
    words = searchable(text).split()
    return " ".join(word for word in words if word not in ASKING) or text


def terms_of(text):
    """The folded words of a search; ValidationError for more than one types."""
    terms = searchable(text).split()
    if len(terms) > MAX_TERMS or any(len(term) > MAX_TERM for term in terms):
        raise ValidationError(
            _("Search for at most %(terms)d words of at most %(length)d letters."),
            code="too_many_terms",
            params={"terms": MAX_TERMS, "length": MAX_TERM},
        )
    return terms


def cut(text):
    """Folded text with no word longer than can be searched for.

    An index has no room for words of any length, and its search ends at 100 letters.
    """
    if len(text) <= MAX_TERM:
        return text
    return " ".join(word[:MAX_TERM] for word in text.split(" "))


def slips(one, other, most):
    """How many slips make one word of the other; more than ``most`` count as one more.

    A slip is a letter that is wrong, missing or too many, or two that changed places.
    This is the optimal string alignment distance, see Boytsov, "Indexing methods for
    approximate dictionary searching", ACM JEA 16 (2011), section 2.1.
    """
    return OSA.distance(one, other, score_cutoff=most)


def alike(term, word):
    """Whether a word may have been meant where this term was typed.

    Words of four letters and more take one slip, and of eight and more two of them. The
    first two letters or the last two are right; four letters may be turned in the
    middle.
    """
    if len(term) < SHORTEST_TO_MISTYPE or word == term or is_number(term):
        return False
    right = word[:EDGE] == term[:EDGE] or word[-EDGE:] == term[-EDGE:]
    if not right and word != turned(term):
        return False
    most = MOST_SLIPS if len(term) >= LONG else 1
    return slips(term, word, most) <= most


def turned(term):
    """A word of four letters with the middle ones in the other order."""
    return term[0] + term[2] + term[1] + term[3] if len(term) == 2 * EDGE else term


@dataclass(frozen=True)
class Reading:
    """What a typed word is taken for: the beginning of a word, or some whole words."""

    term: str
    words: tuple[str, ...] = ()  # what was meant, where nothing begins with the term
    begun: tuple[str, ...] = ()  # all that begins with it, where that is few

    @property
    def whole(self):
        """The words that it stands for as a whole; none for a beginning of words."""
        return (self.term,) if is_number(self.term) else self.words

    def finds(self, folded):
        """Whether it is found in a folded text."""
        return any(text in f" {folded} " for text in self.marked)

    @property
    def marked(self):
        """The texts of which one is in a folded text with a blank at either end."""
        return [f" {word} " for word in self.whole] or [f" {self.term}"]

    # Folded words are letters and digits alone, so that nothing in them has a meaning
    # in the language of a query. Of a beginning a database gathers all rows first, and
    # looks words up.

    @property
    def for_sqlite(self):
        """It in the language of FTS5."""
        if whole := self.whole or self.begun:
            return " OR ".join(f'"{word}"' for word in whole)
        return f'"{self.term}"*'

    @property
    def for_postgresql(self):
        """It in the language of ``tsquery``."""
        if whole := self.whole or self.begun:
            return " | ".join(f"'{word}'" for word in whole)
        return f"'{self.term}':*"
