"""Tables of many records whose text is as people and programs spoil it.

The same seed makes the same tables. Every cell is one that is taken: what is left of it
is its normal form.
"""

import random

from provenance.tables import write_table
from timeline.models import Dimension
from timeline.records import TABLES

# What a line may hold, though hardly anybody expects it.
PIECES = (
    *('"', '""', "'", "''", ",", ";", "|", "\\", "%s", "{}", "&amp;", "<b>", "\\n"),
    *("=1+1", "==1", "+1", "-1", "@SUM(A1)", "'=1", "''=1", "'90s", "\uff1d1", "-5"),
    *(
        "=cmd|' /C calc'!A0",
        "None",
        "null",
        "NULL",
        "nan",
        "0",
        "007",
        "1e5",
        "..",
        "~",
    ),
    *(
        "José",
        "Jose\u0301",
        "A\u030angstro\u0308m",
        "\u1112\u1161\u11ab",
        "ﬁ",
        "ß",
        "İ",
    ),
    *("\u05e9\u05dc\u05d5\u05dd", "\u0645\u0631\u062d\u0628\u0627", "\u0e01\u0e33"),
    *(
        "\U0001f469\u200d\U0001f680",
        "\U0001f1f2\U0001f1fd",
        "\U0001d49c",
        "漢字",
        "क्\u200dष",
    ),
    *("2024-02-30", "03/04/2024", "1,234", "[..2009]", "  ", "\u00a0", "#REF!", "--"),
    *("DROP TABLE", "';--", "Ω", "Ω", "q\u0323\u0307", "q\u0307\u0323", "x" * 40),
)
# What only a text of several lines may hold.
BREAKS = ("\n", "\r\n", "\r\n\r\n", "\t", "\n=1", "\n'", '\n"', "\u202e", "\u2028")
SPANS = (
    *(("", ""), ("2020", "2021-03"), ("2019-05~", ".."), ("[..2009-10]", "2010?")),
    *(
        ("2024-02-29", "2024-02-29"),
        ("[2007..]", ""),
        ("", "2001"),
        ("2020", "[2020..]"),
    ),
)
QUANTITIES = ("15000", "~10000", ">30000", "10000..15000", "-97", "0", "0.25", "<=500")
STATUSES = ("draft", "in-review", "withdrawn")


class Tables:
    """The rows of each table by its name, and the headers; text is spoilt by chance."""

    def __init__(self, records, seed):
        self.chance, self.rows, self.headers = random.Random(seed), {}, {}
        # Sixteen kinds of record, and the rows that belong to them.
        self.each = each = max(records // 16, 4)
        for name, make in MAKERS.items():
            self.headers[name], *self.rows[name] = make(self, each)

    def text_of(self, name):
        """The table as a file."""
        return write_table(self.headers[name], self.rows[name])

    def write(self, folder):
        """All tables as a folder of files."""
        folder.mkdir()
        for name in self.rows:
            path = folder / f"{name}.csv"
            path.write_text(self.text_of(name), encoding="utf-8", newline="")

    # cells

    def line(self, number=""):
        """A text of one line; with a number it is like no other."""
        pieces = self.chance.choices(PIECES, k=self.chance.randint(1, 4))
        glue = self.chance.choice(["", " ", ", "])
        return f"{glue.join(pieces)}{glue}{number}"

    def prose(self):
        """A text of several lines, or none."""
        if self.chance.random() < 0.3:
            return ""
        pieces = self.chance.choices((*PIECES, *BREAKS), k=self.chance.randint(1, 9))
        return "".join(pieces)

    def span(self):
        return self.chance.choice(SPANS)

    def one(self, *words):
        return self.chance.choice(words)

    def slug(self, kind, below=None):
        """The slug of some record of a kind, one of the first so many."""
        return f"{kind}-{self.chance.randrange(below or self.each)}"

    def record(self, kind, number, *cells):
        """A record's row: its slug and status, what it is, and its notes."""
        head = [f"{kind}-{number}", self.one(*STATUSES)]
        return [*head, *cells, self.prose(), self.prose()]


def _records(kind, *columns, most=None):
    """Makes the table of a kind of record out of a maker of what is in such a row.

    Of some kinds there are at ``most`` so many.
    """

    def of(cells):
        def make(tables, each):
            yield ["slug", "status", *columns, "public_note", "private_note"]
            for number in range(min(each, most or each)):
                yield tables.record(kind, number, *cells(tables, number))

        return make

    return of


@_records(
    "source", "title", "kind", "publisher", "url", "language", "published", "reports"
)
def _sources(t, n):
    reports = "|".join(sorted({t.slug("source", n) for _ in range(n % 3)})) if n else ""
    url = t.one(
        "", "https://example.org/a?b=%22&c='|", "http://xn--bcher-kva.example/ü"
    )
    date = t.one("", "2020-05~", "[2020-01..2020-03]", "1999")
    return t.line(n), "law", t.line(), url, t.one("", "es", "es-MX"), date, reports


@_records("theme", "name", "definition", "broader")
def _themes(t, n):
    return t.line(n), t.prose(), t.slug("theme", n) if n % 3 else ""


@_records("place", "name", "kind", "parent", "latitude", "longitude")
def _places(t, n):
    both = t.one(("", ""), ("-5", "110.94"), ("31.3", "-110"), ("0", "0"))
    kind = "country" if n % 4 == 0 else "city"
    return t.line(n), kind, t.slug("place", n) if n % 3 else "", *both


@_records(
    "agency", "name", "kind", "country", "parent", "areas", "founded", "dissolved"
)  # fmt: skip
def _agencies(t, n):
    country = f"place-{4 * t.chance.randrange((t.each + 3) // 4)}"
    parent = t.slug("agency", n) if n % 3 else ""
    areas = t.one("", t.slug("place"))
    return t.line(n), "ministry", country, parent, areas, *t.span()


@_records("official", "name", "family_name", "honorific")
def _officials(t, n):
    return t.line(n), t.line(), t.one("", "=Dr.", "Dr. “x”")


@_records("post", "title", "agency", "seats", "start", "end")
def _posts(t, n):
    return t.line(n), t.slug("agency"), t.one("", "1", "250"), *t.span()


@_records("appointment", "official", "post", "kind", "rank", "start", "end")
def _appointments(t, n):
    rank = t.line()[:80]  # the most that it may have
    return f"official-{n}", t.slug("post"), "acting", rank, *t.span()


def _event(t, n):
    themes = "|".join(sorted({t.slug("theme") for _ in range(n % 3)}))
    in_spanish = t.one("", t.prose())
    return t.line(n), t.prose(), in_spanish, *t.span(), t.slug("place"), themes


EVENT = ("title", "summary", "summary_es", "start", "end", "place", "themes")


@_records("meeting", *EVENT, "format", "requested_by")
def _meetings(t, n):
    return *_event(t, n), t.one("call", "visit"), t.slug("official")


@_records("agreement", *EVENT, "kind", "state", "concluded_at")
def _agreements(t, n):
    return *_event(t, n), "treaty", "signed", t.one("", t.slug("meeting"))


@_records("deployment", *EVENT, "kind", "personnel", "mission")
def _deployments(t, n):
    return *_event(t, n), "exercise", t.one("", *QUANTITIES[:4]), t.line()


@_records("milestone", *EVENT, "kind")
def _milestones(t, n):
    return *_event(t, n), t.one("policy", "tariff")


@_records("dimension", "name", "name_es", "definition", most=Dimension.MOST)
def _dimensions(t, n):
    return t.line(n), t.one("", t.line()), t.prose()


def _notation(number):
    """The code of this number in its list; it may look like a formula."""
    return f"{'-@_$'[number // 2 % 4]}{number}"


@_records("code", "dimension", "notation", "name", "name_es", "broader")
def _codes(t, n):
    broader = "code-0" if n % 2 == 0 and n else ""
    called = t.line(n), t.one("", t.line())
    return f"dimension-{n % 2}", _notation(n), *called, broader


@_records("metric", "name", "unit", "kind", "multiplier", "definition", "dimensions")
def _metrics(t, n):
    unit, times = t.one("persons", "=%", "'US$'"), t.one("", "millions")
    return t.line(n), unit, "level", times, t.prose(), "dimension-0|dimension-1"


@_records(
    "observation", "metric", "value", "value_missing", "start", "end", "population",
    "reported_by", "modality",
)  # fmt: skip
def _observation(t, n):
    value = t.one(*QUANTITIES, "")
    why = "" if value else "withheld"
    population, agency = t.line(n), t.slug("agency")
    return t.slug("metric"), value, why, *t.span(), population, agency, "estimate"


def _observations(t, each):
    headers, *rows = _observation(t, each)
    yield [*headers, "dim:dimension-0", "dim:dimension-1"]
    for row in rows:
        codes = [t.chance.randrange(0, each - 1, 2), t.chance.randrange(1, each, 2)]
        yield [*row, *(t.one("", _notation(number)) for number in codes)]


@_records(
    "statement", "summary", "kind", "official", "agency", "capacities", "event",
    "start", "end", "themes", "about_agencies",
)  # fmt: skip
def _statements(t, n):
    who = (f"official-{n}", "", t.one("", f"appointment-{n}"))
    who = t.one(who, ("", t.slug("agency"), ""))
    at, of = t.one("", t.slug("meeting")), t.one("", t.slug("agency"))
    return t.line(n), "estimate", *who, at, *t.span(), t.slug("theme"), of


def _agency_names(t, each):
    yield ["agency", "text", "kind", "language", "start", "end"]
    for number in range(each):
        text, kind = t.line(number), t.one("short", "acronym", "former")
        yield [t.slug("agency"), text, kind, t.one("", "es"), *t.span()]


def _official_names(t, each):
    yield ["official", "text", "kind", "language", "start", "end"]
    for number in range(each):
        yield [t.slug("official"), t.line(number), "misspelling", "", *t.span()]


def _theme_names(t, each):
    yield ["theme", "text", "kind", "language", "start", "end"]
    for number in range(each):
        yield [t.slug("theme"), t.line(number), "synonym", t.one("", "es"), *t.span()]


def _agreement_names(t, each):
    yield ["agreement", "text", "kind", "language", "start", "end"]
    for number in range(each):
        yield [f"agreement-{number // 3}", t.line(number), "acronym", "", *t.span()]


def _identifiers(t, each):
    yield ["official", "scheme", "value"]
    for number in range(each // 2):
        yield [f"official-{number}", f"s{t.one(*PIECES[:9])}x", t.line(number)]


def _provisions(t, each):
    yield ["agreement", "position", "text", "theme"]
    for number in range(each):
        text = t.line("of it") + t.prose()
        yield [f"agreement-{number // 3}", str(number % 3 + 1), text, t.slug("theme")]


def _participations(t, each):
    yield ["event", "official", "agency", "role", "appointments"]
    for number in range(each):
        event = f"{t.one('meeting', 'agreement', 'milestone')}-{number}"
        if number % 2:
            yield [event, "", t.slug("agency"), "host", ""]
        else:
            in_office = t.one("", f"appointment-{number}")
            yield [event, f"official-{number}", "", "participant", in_office]


def _event_links(t, each):
    yield ["event", "kind", "target"]
    for number in range(each // 2):
        yield [f"meeting-{number}", "follows", f"milestone-{number}"]


def _citations(t, each):
    yield [
        *("type", "record", "field", "source", "locator", "stated", "as_of"),
        *("assessment", "note", "quotation"),
    ]
    fields = {"place": "name", "agency": "", "meeting": "title", "metric": "unit"}
    for number in range(each * 2):
        kind = t.one(*fields)
        stated = t.line("otherwise") if fields[kind] else ""
        judged = ("outdated", t.line("why")) if number % 5 == 0 else ("", "")
        if not stated:
            judged = ("", "")
        yield [
            *(kind, t.slug(kind), fields[kind], t.slug("source"), t.line(number)),
            *(stated, t.one("", "2020~"), *judged, t.line()),
        ]


def _redirects(t, each):
    yield ["type", "slug", "target"]
    for number in range(each // 4):
        yield ["agency", f"former-{number}", t.slug("agency")]


def _distinctions(t, each):
    yield ["type", "one", "other", "note"]
    for number in range(1, each // 4):
        yield ["place", "place-0", f"place-{number}", t.prose()]


MAKERS = {
    "sources": _sources,
    "themes": _themes,
    "theme_names": _theme_names,
    "places": _places,
    "agencies": _agencies,
    "agency_names": _agency_names,
    "officials": _officials,
    "official_names": _official_names,
    "official_identifiers": _identifiers,
    "posts": _posts,
    "appointments": _appointments,
    "meetings": _meetings,
    "agreements": _agreements,
    "agreement_names": _agreement_names,
    "provisions": _provisions,
    "deployments": _deployments,
    "milestones": _milestones,
    "participations": _participations,
    "event_links": _event_links,
    "dimensions": _dimensions,
    "codes": _codes,
    "metrics": _metrics,
    "observations": _observations,
    "statements": _statements,
    "citations": _citations,
    "redirects": _redirects,
    "distinctions": _distinctions,
}
assert MAKERS.keys() | {"disputes"} == TABLES.keys()
