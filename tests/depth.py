"""How deep this run of the tests goes: quick, or deep where ``DEPTH=deep`` is set.

The quick run tries every promise; the deep one tries it with more of the same sort.
Where ``PROVE`` is set what proves a line of docs/reliability.md tries a portion of it,
which takes some ten seconds: `make prove` asks for another one in each round.
"""

import os
import random
from functools import cache

import pytest
from django.db import connection

DEPTH = os.environ.get("DEPTH", "quick")
if DEPTH not in ("quick", "deep"):
    raise ValueError(f"DEPTH is quick or deep, and not {DEPTH!r}.")

PROVE = bool(os.environ.get("PROVE"))

# That an answer is right shows on SQLite; that PostgreSQL gives the same, with fewer.
QUICK_EXAMPLES = 6 if connection.vendor == "sqlite" else 4


def in_depth(reason):
    """What the deep run alone tries, and why the quick one does without."""
    return pytest.mark.skipif(DEPTH != "deep", reason=reason)


def times(quick, deep, portion):
    """How often this run tries something: a proof, a portion of its aim."""
    return portion if PROVE else cases(quick, deep)


def drawn_by():
    """The seed that this test draws by, which it prints: with it the same is drawn."""
    seed = os.environ.setdefault("SEED", str(random.randrange(10**6)))
    print(f"SEED={seed}")
    return seed


def cases(quick, deep):
    """What this run tries: less in the quick one, all in the deep one."""
    return deep if DEPTH == "deep" else quick


def thinned(items):
    """Of many of one sort what this run tries: in the quick one on PostgreSQL a third.

    That each by itself is right shows on SQLite.
    """
    is_all = DEPTH == "deep" or connection.vendor == "sqlite"
    return list(items)[:: 1 if is_all else 3]


def once(everything, some):
    """What this run tries of what no database has a part in: all of it on SQLite."""
    return everything if connection.vendor == "sqlite" else some


def examples(deep):
    """How many examples this run tries of as many as the deep one does."""
    return cases(min(QUICK_EXAMPLES, deep), deep)


@cache
def load_profile():
    """What hypothesis does where a test says nothing of its own."""
    from hypothesis import settings  # slow, and needed by some

    # How long an example takes says nothing of whether it is right.
    settings.register_profile("quick", deadline=None, max_examples=QUICK_EXAMPLES)
    settings.register_profile("deep", deadline=None, max_examples=100)
    settings.load_profile(DEPTH)
