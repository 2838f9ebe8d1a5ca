"""Reads the TOML of a mapping file, within limits of size and depth."""

import re
import tomllib

from django.utils.translation import gettext as _

from .checks import MappingError, Misstep

MOST_DIGITS = 18  # of a number, as in our own cells
MOST_PARTS = 32  # of a name as a.b.c: reading a long one takes its square in time
PART = r"""(?:(?<![\w-])[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*"""
LONG_NAME = re.compile(rf"(?:{PART}\.[ \t]*){{{MOST_PARTS}}}")


def document_in(text):
    """The tables, lists and values in a text; MappingError if it cannot be read."""
    if LONG_NAME.search(text):
        raise _no_toml(_("a name has more than %d parts.") % MOST_PARTS)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _no_toml(error) from None
    except RecursionError:
        raise _no_toml(_("it is nested too deep.")) from None
    except ValueError:  # a number in decimal digits that Python itself refuses
        raise _too_many_digits() from None
    for value in _all_in(document):
        if isinstance(value, int) and abs(value) >= 10**MOST_DIGITS:
            raise _too_many_digits()
        if isinstance(value, str) and "\0" in value:
            raise _no_toml(_("control character U+0000."))
    return document


def _all_in(document):
    """Every name and every value in a document, at any depth."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def _no_toml(why):
    return MappingError([Misstep("", _("no TOML: %s") % why)])


def _too_many_digits():
    message = _("a number has more than %d digits; write it as a text in quotes.")
    return _no_toml(message % MOST_DIGITS)
