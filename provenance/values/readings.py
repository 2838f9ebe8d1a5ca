"""What people may mean by a date, a number or a language as they write it.

A text in prose is offered as its readings in the one form that is recorded; it is never
taken for one of them unseen. Where it can be read in two ways, there are two. English
and Spanish are read alike, whichever the language of the page.
"""

import re
from functools import cache

from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, override

from .dates import PartialDate
from .folding import fold
from .quantities import Quantity

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sept sep septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        1,
    )
    for name in names.split()
}
# The thirds of a month and of a year.
EARLY, MID, LATE = range(3)
PARTS = {
    "early": EARLY,
    "beginning of": EARLY,
    "principios de": EARLY,
    "comienzos de": EARLY,
    "inicios de": EARLY,
    "a principios de": EARLY,
    "mid": MID,
    "middle of": MID,
    "mediados de": MID,
    "a mediados de": MID,
    "late": LATE,
    "end of": LATE,
    "finales de": LATE,
    "fines de": LATE,
    "a finales de": LATE,
    "a fines de": LATE,
}
THIRDS_OF_A_MONTH = ((1, 10), (11, 20), (21, None))
THIRDS_OF_A_YEAR = ((1, 4), (5, 8), (9, 12))
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "primer": 1,
    "segundo": 2,
    "tercer": 3,
    "cuarto": 4,
    "primera": 1,
    "segunda": 2,
}
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

ABOUT = (
    "about",
    "around",
    "approximately",
    "approx",
    "roughly",
    "some",
    "nearly",
    "circa",
    "ca",
    "c",
    "hacia",
    "alrededor de",
    "aproximadamente",
    "cerca de",
    "unos",
    "unas",
    "casi",
)
PERHAPS = ("perhaps", "possibly", "maybe", "probably", "quiza", "quizas")
PERHAPS += ("posiblemente", "probablemente", "tal vez")
BY = ("by", "until", "till", "up to", "no later than", "not later than", "hasta")
BY += ("para", "a mas tardar")
BEFORE = ("before", "earlier than", "prior to", "antes de")
SINCE = ("since", "from", "not before", "no earlier than", "desde", "a partir de")
AFTER = ("after", "later than", "despues de")
ONGOING = ("present", "now", "ongoing", "today", "still going on", "to date")
ONGOING += ("actualidad", "presente", "hasta hoy", "hasta la fecha", "en curso")
SIGNS = {
    ">=": ("at least", "no fewer than", "no less than", "not less than", "al menos"),
    "<=": ("at most", "up to", "no more than", "not more than", "hasta", "como maximo"),
    ">": ("more than", "over", "above", "exceeding", "mas de"),
    "<": ("fewer than", "less than", "under", "below", "menos de"),
    "~": ABOUT,
}
BEHIND = {">=": ("or more", "o mas"), "<=": ("or fewer", "or less", "o menos")}
LINKS = ("between", "from", "entre", "de", "del", "desde")
WORDS_TO = ("to", "and", "through", "until", "y", "a", "al", "hasta")
TO = rf"\s*(?:–|—|-|\.\.|\b(?:{'|'.join(WORDS_TO)})\b)\s*"

A_YEAR = r"(?P<year>[12]\d{3})"
A_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|º|o|\.)?"
A_MONTH = r"(?P<month>[a-z]+)\.?"
OF = r"(?:\s+(?:de|del|of))?\s+"
DAY_MONTH_YEAR = re.compile(rf"{A_DAY}{OF}{A_MONTH},?{OF}{A_YEAR}")
MONTH_DAY_YEAR = re.compile(rf"{A_MONTH}\s+{A_DAY},?\s+(?:de(?:l)?\s+)?{A_YEAR}")
MONTH_YEAR = re.compile(rf"{A_MONTH},?{OF}{A_YEAR}")
YEAR_ALONE = re.compile(rf"(?:(?:the\s+)?year\s+|(?:el\s+)?ano\s+)?{A_YEAR}")
NUMBERS = re.compile(r"(\d{1,4})([/.\-])(\d{1,2})\2(\d{1,4})")
DECADE = re.compile(
    r"(?:the\s+)?(?P<decade>[12]\d\d)0'?s|(?:los\s+)?anos\s+(?P<anos>[12]\d\d)0"
)
HALF = re.compile(
    rf"(?:the\s+)?(\w+)\s+(half|semestre|mitad|quarter|trimestre)(?:\s+(?:of|de|del))?\s+{A_YEAR}"
)
QUARTER = re.compile(
    rf"q([1-4])[\s/-]*{A_YEAR}|{A_YEAR.replace('year', 'before')}[\s/-]*q([1-4])"
)
A_NUMBER = re.compile(r"-?\d[\d.,'\s\u00a0\u202f]*")
MOST = 4  # readings


def readings_of(kind, text):
    """The readings of a text as ``date``, ``quantity`` or ``language``, best first.

    None where it says nothing of the kind. Each is in the form that is recorded, and
    none is the text itself.
    """
    text = " ".join(text.split())
    found = {"date": _dates, "quantity": _quantities, "language": _languages}[kind](
        text
    )
    return [one for one in dict.fromkeys(found) if one != text][:MOST]


# Dates ----------------------------------------------------------------------


def _dates(text):
    """Each reading of a date that the profile has a form for."""
    plain = _plain(text)
    if plain in ONGOING:
        return [".."]
    return [one for one in _dated(plain) if _is(PartialDate, one)]


def _dated(text):
    for words, mark in ((PERHAPS, "?"), (ABOUT, "~")):
        if rest := _behind(text, words):
            return [_marked(one, mark) for one in _dated(rest)]
    for words, form in (
        (BY, lambda one: _range("", _ends(one)[1])),
        (BEFORE, _before),
        (SINCE, lambda one: _range(_ends(one)[0], "")),
        (AFTER, _after),
    ):
        if (rest := _behind(text, words)) and (ones := list(_units(rest))):
            return [form(one) for one in ones]
    if ones := list(_units(text)):
        return ones
    return list(_from_to(text))


def _units(text):
    """The readings of a text that names one day, month, year or a part of these."""
    if re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        return [text]
    for form, shape in (
        (DAY_MONTH_YEAR, _day_of),
        (MONTH_DAY_YEAR, _day_of),
        (MONTH_YEAR, _month_of),
        (YEAR_ALONE, lambda match: match["year"]),
        (NUMBERS, _of_numbers),
        (DECADE, _decade),
        (HALF, _half),
        (QUARTER, _quarter),
    ):
        if match := form.fullmatch(text):
            found = shape(match)
            if found:
                return found if isinstance(found, list) else [found]
    return _part(text)


def _day_of(match):
    month = MONTHS.get(match["month"])
    return month and f"{match['year']}-{month:02}-{int(match['day']):02}"


def _month_of(match):
    month = MONTHS.get(match["month"])
    return month and f"{match['year']}-{month:02}"


def _of_numbers(match):
    """Numbers with the year first or last; with it last, the day or the month is first.

    A point stands only where the day does come first.
    """
    first, between, second, last = match.groups()
    if len(first) == 4 and len(last) <= 2:
        return [f"{first}-{int(second):02}-{int(last):02}"]
    if len(last) != 4 or len(first) > 2:
        return []
    orders = [(first, second)] if between == "." else [(first, second), (second, first)]
    return [f"{last}-{int(month):02}-{int(day):02}" for day, month in orders]


def _decade(match):
    decade = match["decade"] or match["anos"]
    return f"[{decade}0..{decade}9]"


def _half(match):
    word, unit, year = match[1], match[2], match["year"]
    months = 6 if unit in ("half", "semestre", "mitad") else 3
    number = ORDINALS.get(word, 0)
    if not 1 <= number <= 12 // months:
        return None
    return f"[{year}-{(number - 1) * months + 1:02}..{year}-{number * months:02}]"


def _quarter(match):
    number = int(match[1] or match[4])
    year = match["year"] or match["before"]
    return f"[{year}-{number * 3 - 2:02}..{year}-{number * 3:02}]"


def _part(text):
    """The early, middle or late part of a month or of a year."""
    for words, part in sorted(PARTS.items(), key=lambda item: -len(item[0])):
        rest = _behind(text.replace("mid-", "mid "), (words,))
        if (
            rest
            and (match := MONTH_YEAR.fullmatch(rest))
            and (month := _month_of(match))
        ):
            first, last = THIRDS_OF_A_MONTH[part]
            last = last or PartialDate(month).latest.day
            return [f"[{month}-{first:02}..{month}-{last:02}]"]
        if rest and (match := YEAR_ALONE.fullmatch(rest)):
            first, last = THIRDS_OF_A_YEAR[part]
            return [f"[{match['year']}-{first:02}..{match['year']}-{last:02}]"]
    return []


def _from_to(text):
    """One day from one date to another."""
    text = _behind(text, LINKS) or text
    for gap in re.finditer(TO, text):
        before, after = text[: gap.start()], text[gap.end() :]
        for last in _units(after) or _units(_month_first(before, after)):
            for first in _units(before) or _units(_completed(before, after)):
                yield _range(_ends(first)[0], _ends(last)[1])


def _completed(before, after):
    """The beginning of a range, with what its end says for both: “3 to 5 May 2020”."""
    year = re.search(r"[12]\d{3}$", after)
    if not year:
        return before
    if re.fullmatch(r"\d{1,2}", before):  # a day alone
        return re.sub(r"^\d{1,2}", before, after)
    if re.fullmatch(r"[a-z]+\.? \d{1,2}", before) or before in MONTHS:
        return f"{before} {year[0]}"
    if re.fullmatch(r"\d{1,2}(?: de)? [a-z]+", before):
        return f"{before} {year[0]}"
    return before


def _month_first(before, after):
    """The end of a range, with the month that its beginning names: “May 3-5, 2020”."""
    month = re.fullmatch(r"([a-z]+)\.? \d{1,2}", before)
    return f"{month[1]} {after}" if month else after


def _marked(text, mark):
    """A date of which somebody is not sure; of a range that says it already."""
    return text if text.startswith("[") else f"{text}{mark}"


def _range(first, last):
    if first and first == last:
        return first
    return f"[{first}..{last}]"


def _ends(text):
    """The first and the last part of a date, each in its own precision."""
    if text.startswith("["):
        return text[1:-1].split("..")
    return text, text


def _before(text):
    """Until the unit before: of a day the day before, of a year the year before."""
    return _range("", _next(_ends(text)[0], -1))


def _after(text):
    return _range(_next(_ends(text)[1], 1), "")


def _next(text, step):
    """The year, month or day that comes so many after this one."""
    if not _is(PartialDate, text):
        return text
    if len(text) == 10:
        day = PartialDate(text).earliest.toordinal() + step
        return type(PartialDate(text).earliest).fromordinal(day).isoformat()
    if len(text) == 7:
        months = int(text[:4]) * 12 + int(text[5:]) - 1 + step
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return f"{int(text) + step:04}"


# Numbers --------------------------------------------------------------------


def _quantities(text):
    plain = _plain(text)
    for sign, words in BEHIND.items():
        for word in words:
            if plain.endswith(f" {word}"):
                ones = _numbers(plain.removesuffix(word).strip())
                return [one for n in ones if _is(Quantity, one := f"{sign}{n}")]
    for sign, words in SIGNS.items():
        rest = plain[len(sign) :].strip() if plain.startswith(sign) else ""
        if rest := rest or _behind(plain, words):
            return [one for n in _numbers(rest) if _is(Quantity, one := f"{sign}{n}")]
    if ones := _numbers(plain):
        return [one for one in ones if _is(Quantity, one)]
    return [one for one in _between(plain) if _is(Quantity, one)]


def _between(text):
    text = _behind(text, LINKS) or text
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
    about = LANG_INFO.get(code, {})
    return gettext(about["name"]) if "name" in about else ""


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


# What all of them share -----------------------------------------------------


def _plain(text):
    """A text without accents and case; its signs stay."""
    kept = "".join(fold(sign) or sign for sign in text)
    return " ".join(kept.replace("\u2011", "-").split()).strip(" .")


def _behind(text, words):
    """What stands behind one of these words; empty if none begins the text."""
    for word in sorted(words, key=len, reverse=True):
        if text.startswith((f"{word} ", f"{word}. ")):
            return text[len(word) :].lstrip(". ")
    return ""


def _is(kind, text):
    try:
        kind(text)
    except ValidationError:
        return False
    return bool(text)
