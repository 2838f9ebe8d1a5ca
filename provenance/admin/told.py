"""Many sentences of one sort above a page: the first of them, and how many more."""

from itertools import islice

from django.contrib import messages
from django.utils.translation import ngettext

MOST = 10  # nobody reads more before doing something about these


def tell_first(request, sentences, number):
    """Shows the first of so many sentences, which come from an iterator, as errors."""
    for sentence in islice(sentences, MOST):
        messages.error(request, sentence)
    if (more := number - MOST) > 0:
        said = ngettext(
            "There is %d more message of this sort.",
            "There are %d more messages of this sort.",
            more,
        )
        messages.error(request, said % more)
