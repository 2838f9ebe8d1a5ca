"""Where in a source something stands, in the words that curators use for that.

A locator is free text in the language of the record. Of one that is made of the usual
words alone readers of another language are told these in their own; what stands between
quotation marks is what the source itself says.
"""

import re

from django.utils.translation import gettext as _

_QUOTED = re.compile(r'("[^"]*")')
_WORD = re.compile(r"[^\W\d_][\w.]*(?: [^\W\d_][\w.]*)*")


def _usual():
    """The usual words, and what they are in the language of the reader."""
    return {
        "para.": _("para."),
        "p.": _("p."),
        "no.": _("no."),
        "section": _("section"),
        "headline": _("headline"),
        "byline": _("byline"),
        "summary": _("summary"),
        "photo caption": _("photo caption"),
        "panel list": _("panel list"),
        "sources line": _("sources line"),
        "contact block": _("contact block"),
        "in brackets": _("in brackets"),
        "second name": _("second name"),
        "table": _("table"),
        "row": _("row"),
        "quoted": _("quoted"),
        "reported": _("reported"),
    }


def spoken_locator(text):
    """A locator in the language of the reader; None if it has other words as well."""
    usual, parts = _usual(), _QUOTED.split(text)
    for place, part in enumerate(parts):
        if part.startswith('"'):
            continue
        words = {word.strip() for word in _WORD.findall(part)}
        if not words <= usual.keys():
            return None
        parts[place] = _WORD.sub(lambda found: usual[found[0]], part)
    return "".join(parts)
