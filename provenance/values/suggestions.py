"""Suggestions for an unknown word or slug: "did you mean"."""

from difflib import get_close_matches

from django.utils.translation import gettext_lazy as _

ENOUGH = 500  # slugs that are compared; a table may have a million
MOST = 3  # words that are offered


def close_to(text, known, first=()):
    """The known words most like a mistaken one, best first, as a phrase; or ""."""
    matches = [*first, *get_close_matches(text, list(known), n=MOST, cutoff=0.6)]
    matches = list(dict.fromkeys(matches))[:MOST]
    return str(_("; did you mean %s?") % " / ".join(matches)) if matches else ""


def close_or_all(text, known):
    """The end of a sentence that there is no such word: the words most like it, or else
    all that are known.
    """
    every = str(_("; choose one of: %s.") % ", ".join(known)) if known else "."
    return close_to(text, known) or every


def no_such(model, slug, records=None, beside=()):
    """The sentence that no record bears this slug, with those that may be meant.

    It may be a name instead of a slug, or a slug with a mistake in it. ``records`` are
    those that may be named, all if not given; ``beside`` are slugs that are known
    elsewhere, such as in the same file.
    """
    if records is None:
        records = model._default_manager.all()
    alike = records.filter(slug__startswith=slug[:2]).order_by("slug")
    named = [record.slug for record in records.only("slug").called(slug, MOST)]
    known = {*alike.values_list("slug", flat=True)[:ENOUGH], *beside}
    return _("There is no %(kind)s “%(slug)s”%(close)s") % {
        "kind": model._meta.verbose_name,
        "slug": slug[:100],
        "close": close_to(slug, sorted(known), named) or ".",
    }
