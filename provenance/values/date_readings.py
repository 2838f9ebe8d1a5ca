"""What people may mean by a date, or by a start and an end, as they write it."""

import re

from . import edtf
from .dates import PartialDate
from .edtf import UNSPECIFIED, WINTER, interval_of, limits_of
from .prose import ABOUT, LINKS, TO, behind, is_one, plain

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
SEASONS = {
    "spring": edtf.SPRING,
    "primavera": edtf.SPRING,
    "summer": edtf.SUMMER,
    "verano": edtf.SUMMER,
    "autumn": edtf.AUTUMN,
    "fall": edtf.AUTUMN,
    "otono": edtf.AUTUMN,
    "winter": WINTER,
    "invierno": WINTER,
}
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
PERHAPS = ("perhaps", "possibly", "maybe", "probably", "quiza", "quizas")
PERHAPS += ("posiblemente", "probablemente", "tal vez")
BY = ("by", "until", "till", "up to", "no later than", "not later than", "hasta")
BY += ("para", "a mas tardar")
BEFORE = ("before", "earlier than", "prior to", "antes de")
SINCE = ("since", "from", "not before", "no earlier than", "desde", "a partir de")
AFTER = ("after", "later than", "despues de")
ONGOING = ("present", "now", "ongoing", "today", "still going on", "to date")
ONGOING += ("actualidad", "presente", "hasta hoy", "hasta la fecha", "en curso")
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


SEASON_YEAR = re.compile(
    rf"(?P<season>[a-z]+){OF}(?P<first>[12]\d{{3}})(?:\s*[-–/]\s*(?P<last>\d\d(?:\d\d)?))?"
)


def dates_in(text):
    """Each reading of a date that the profile has a form for."""
    text = plain(text)
    if text in ONGOING:
        return [".."]
    return [one for one in _dated(text) if is_one(PartialDate, one)]


def spans_in(text):
    """Each reading of a text as a start and an end, both in the form of the profile.

    An interval of EDTF has one reading; the prose of two dates may have several.
    """
    ends = interval_of(text)
    found = [ends] if ends else _from_to(plain(text), since=True)
    return [
        (start, end)
        for start, end in found
        if all(not one or is_one(PartialDate, one) for one in (start, end))
    ]


def _dated(text):
    for words, mark in ((PERHAPS, "?"), (ABOUT, "~")):
        if rest := behind(text, words):
            return [_marked(one, mark) for one in _dated(rest)]
    for words, form in (
        (BY, lambda one: _range("", _ends(one)[1])),
        (BEFORE, _before),
        (SINCE, lambda one: _range(_ends(one)[0], "")),
        (AFTER, _after),
    ):
        if (rest := behind(text, words)) and (ones := list(_units(rest))):
            return [form(one) for one in ones]
    if ones := list(_units(text)):
        return ones
    return [_range(_ends(one)[0], _ends(other)[1]) for one, other in _from_to(text)]


def _units(text):
    """The readings of a text that names one day, month, year or a part of these."""
    if re.fullmatch(rf"\d{{4}}(-\d{{2}}){{0,2}}|{UNSPECIFIED}", text.upper()):
        return [text.upper()]
    for form, shape in (
        (DAY_MONTH_YEAR, _day_of),
        (MONTH_DAY_YEAR, _day_of),
        (MONTH_YEAR, _month_of),
        (YEAR_ALONE, lambda match: match["year"]),
        (SEASON_YEAR, _season),
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
    return f"{match['decade'] or match['anos']}X"


def _season(match):
    """A season of one year; a winter may be the one that ends in it, if it names one.

    A second year says that it is the winter which begins in the first.
    """
    season, first, last = SEASONS.get(match["season"]), match["first"], match["last"]
    if season is None:
        return None
    if last:
        follows = str(int(first) + 1).endswith(last)
        return f"{first}-{season}" if season == WINTER and follows else None
    if season == WINTER:
        return [f"{first}-{season}", f"{int(first) - 1}-{season}"]
    return f"{first}-{season}"


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
        rest = behind(text.replace("mid-", "mid "), (words,))
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


def _from_to(text, since=False):
    """Two dates that are named together, the first and the last.

    ``since``: the last may be that it goes on.
    """
    text = behind(text, LINKS) or text
    for gap in re.finditer(TO, text):
        before, after = text[: gap.start()], text[gap.end() :]
        lasts = _units(after) or _units(_month_first(before, after))
        if since and after.removeprefix("la ") in ONGOING:
            lasts = [edtf.ONGOING]
        for last in lasts:
            for first in _units(before) or _units(_completed(before, after)):
                yield first, last


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
    """The first and the last part of a date, each as a year, a month or a day."""
    if text.startswith("["):
        return text[1:-1].split("..")
    return limits_of(text)


def _before(text):
    """Until the unit before: of a day the day before, of a year the year before."""
    return _range("", _next(_ends(text)[0], -1))


def _after(text):
    return _range(_next(_ends(text)[1], 1), "")


def _next(text, step):
    """The year, month or day that comes so many after this one."""
    if not is_one(PartialDate, text):
        return text
    if len(text) == 10:
        day = PartialDate(text).earliest.toordinal() + step
        return type(PartialDate(text).earliest).fromordinal(day).isoformat()
    if len(text) == 7:
        months = int(text[:4]) * 12 + int(text[5:]) - 1 + step
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return f"{int(text) + step:04}"
