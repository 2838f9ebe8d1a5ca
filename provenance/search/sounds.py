"""How a word sounds, roughly: the same for what several languages write otherwise.

A name of another script is written down by ear: Zelensky, Selenskyj, Zelenskiy. What
such spellings share is the order of their consonants, of which those that languages
write for each other count as one. The idea is that of Soundex and its kin, see
https://en.wikipedia.org/wiki/Phonetic_algorithm.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import Indel

SHORTEST = 3  # consonants, or a first vowel; less sounds like too much else
NEAR_ENOUGH = 0.5  # of the letters, in their order

# In their order: what is written, and what it counts as.
RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.)\1+", r"\1"),
        (r"x", "ks"),
        (r"^ch(?=[rl])|kh|q|ck", "k"),
        (r"tsch|tch|shch|sch|sh|ch|zh|cz|tz|ts|c(?=[eiy])|z", "s"),
        (r"ph|w|v", "f"),
        (r"c|g", "k"),
        (r"d|dh|th", "t"),
        (r"(.)\1+", r"\1"),
        (r"^[aeiouyj]+", "a"),
        (r"(?<!^)[aeiouyjh]+", ""),
    )
]


@lru_cache(100_000)
def sound_of(word):
    """The sound of a folded word; empty for one that is too short to tell."""
    if not word.isalpha() or not word.isascii():
        return ""
    for pattern, sound in RULES:
        word = pattern.sub(sound, word)
    return word if len(word) >= SHORTEST else ""


def sound_alike(one, other):
    """Whether two words may be one, written down by ear in two languages."""
    sound = sound_of(one)
    return (
        sound != ""
        and sound == sound_of(other)
        and Indel.normalized_similarity(one, other) >= NEAR_ENOUGH
    )
