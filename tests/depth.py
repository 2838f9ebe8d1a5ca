"""How deep this run of the tests goes: quick, or deep where ``DEPTH=deep`` is set.

The quick run tries every promise; the deep one tries it with more of the same sort.
"""

import os

from hypothesis import settings

DEPTH = os.environ.get("DEPTH", "quick")
if DEPTH not in ("quick", "deep"):
    raise ValueError(f"DEPTH is quick or deep, and not {DEPTH!r}.")

QUICK_EXAMPLES = 10


def cases(quick, deep):
    """What this run tries: less in the quick one, all in the deep one."""
    return deep if DEPTH == "deep" else quick


def examples(deep):
    """How many examples this run tries of as many as the deep one does."""
    return cases(min(QUICK_EXAMPLES, deep), deep)


def load_profile():
    """What hypothesis does where a test says nothing of its own."""
    # How long an example takes says nothing of whether it is right.
    settings.register_profile("quick", deadline=None, max_examples=QUICK_EXAMPLES)
    settings.register_profile("deep", deadline=None, max_examples=100)
    settings.load_profile(DEPTH)
