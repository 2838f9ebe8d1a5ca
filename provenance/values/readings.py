"""What people may mean by a date, a number or a language as they write it.

A text in prose is offered as its readings in the one form that is recorded; it is never
taken for one of them unseen. Where it can be read in two ways, there are two. English
and Spanish are read alike, whichever the language of the page.
"""

import re
from functools import cache

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext, override

from .date_readings import dates_in, spans_in
from .folding import fold
from .prose import ABOUT, LINKS, TO, behind, is_one, plain
from .quantities import Quantity

MANY = {
    "thousand": 3,
    "mil": 3,
    "k": 3,
    "million": 6,
    "millions": 6,
    "millon": 6,
    "millones": 6,
    "billion": 9,
    "mil millones": 9,
}

SIGNS = {
    ">=": ("at least", "no fewer than", "no less than", "not less than", "al menos"),
    "<=": ("at most", "up to", "no more than", "not more than", "hasta", "como maximo"),
    ">": ("more than", "over", "above", "exceeding", "mas de"),
    "<": ("fewer than", "less than", "under", "below", "menos de"),
    "~": ABOUT,
}
BEHIND = {">=": ("or more", "o mas"), "<=": ("or fewer", "or less", "o menos")}
A_NUMBER = re.compile(r"-?\d[\d.,'\s\u00a0\u202f]*")
MOST = 4  # readings


def readings_of(kind, text):
    """The readings of a text as ``date``, ``quantity`` or ``language``, best first.

    None where it says nothing of the kind. Each is in the form that is recorded, and
    none is the text itself.
    """
    text = " ".join(text.split())
    found = {"date": dates_in, "quantity": _quantities, "language": _languages}[kind](
        text
    )
    return [one for one in dict.fromkeys(found) if one != text][:MOST]


def intervals_of(text):
    """The readings of a text as a start and an end, best first; none if it is none."""
    return list(dict.fromkeys(spans_in(" ".join(text.split()))))[:MOST]


# Numbers --------------------------------------------------------------------


def _quantities(text):
    text = plain(text)
    for sign, words in BEHIND.items():
        for word in words:
            if text.endswith(f" {word}"):
                ones = _numbers(text.removesuffix(word).strip())
                return [one for n in ones if is_one(Quantity, one := f"{sign}{n}")]
    for sign, words in SIGNS.items():
        rest = text[len(sign) :].strip() if text.startswith(sign) else ""
        if rest := rest or behind(text, words):
            return [
                one for n in _numbers(rest) if is_one(Quantity, one := f"{sign}{n}")
            ]
    if ones := _numbers(text):
        return [one for one in ones if is_one(Quantity, one)]
    return [one for one in _between(text) if is_one(Quantity, one)]


def _between(text):
    text = behind(text, LINKS) or text
    for gap in re.finditer(TO, text):
        before, after = text[: gap.start()], text[gap.end() :]
        many = re.search(r" (?:thousand|million|billion|mil|millones)$", after)
        for high in _numbers(after):
            for low in _numbers(before + many[0] if many else before):
                yield f"{low}..{high}"


def _numbers(text):
    """The readings of a number as people write it, with its thousands apart."""
    for word in sorted(MANY, key=len, reverse=True):
        if text.endswith(word) and A_NUMBER.fullmatch(rest := text.removesuffix(word)):
            return [
                n for one in _digits(rest.strip()) if (n := _shifted(one, MANY[word]))
            ]
    return _digits(text) if A_NUMBER.fullmatch(text) else []


def _digits(text):
    """What the digits mean: a point or a comma may part thousands, or decimals."""
    text = re.sub(r"[\s'\u00a0\u202f]", "", text)
    if re.fullmatch(r"-?\d+", text):
        return [_one_form(text)]
    grouped = {
        mark: re.fullmatch(rf"-?\d{{1,3}}(?:\{mark}\d{{3}})+(?:\{other}\d+)?", text)
        for mark, other in ((",", "."), (".", ","))
    }
    found = []
    if grouped[","]:
        found.append(text.replace(",", ""))
    if grouped["."]:
        found.append(text.replace(".", "").replace(",", "."))
    if re.fullmatch(r"-?\d+\.\d+", text):
        found.append(text)
    if re.fullmatch(r"-?\d+,\d+", text) and not grouped[","]:
        found.append(text.replace(",", "."))
    return [_one_form(one) for one in found]


def _one_form(text):
    """A number without what says nothing: zeros in front and behind."""
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _point, decimals = digits.partition(".")
    whole, decimals = whole.lstrip("0") or "0", decimals.rstrip("0")
    number = f"{whole}.{decimals}" if decimals else whole
    return number if number == "0" else sign + number


def _shifted(text, places):
    whole, _point, decimals = text.partition(".")
    if len(decimals) > places:
        return ""
    return _one_form(whole + decimals.ljust(places, "0"))


# Languages ------------------------------------------------------------------


def _languages(text):
    code = _names_of_languages().get(fold(text))
    return [code] if code else []


def name_of_language(code):
    """What a language is called in the language of the page; empty if nobody knows."""
    known = (LANG_INFO.get(each, {}) for each in (code.lower(), code.partition("-")[0]))
    name = next((about["name"] for about in known if "name" in about), "")
    return gettext(name) if name else ""


@cache
def _names_of_languages():
    """The codes of languages by their names in themselves, in English and Spanish."""
    names = {}
    for code, about in LANG_INFO.items():
        if "name" not in about or not re.fullmatch("[a-z]{2,3}", code):
            continue
        names[fold(about["name_local"])] = names[fold(about["name"])] = code
        with override("es"):
            names[fold(gettext(about["name"]))] = code
    return names
