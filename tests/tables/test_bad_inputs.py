"""Files as people send them: of each bad one the whole answer, and what is kept of it.

A case is a file for one table and all that is said of it. Where a file is wrong nothing
is written. Both databases give the same answers, as they are all written down here.
"""

import io
import pickle
import subprocess
import sys
import zipfile
from dataclasses import dataclass, field
from itertools import compress

import pytest

from provenance.tables import TableError, open_sheet, write_table
from tests import make
from tests.curating import superuser
from tests.digests import digest
from tests.folders import faults_in, read_in
from tests.importing import counts, faults, upload
from timeline.records import TABLES

pytestmark = pytest.mark.django_db

PLACES = "slug,name,kind\r\n"
ONE_PLACE = [["guaymas", "draft", "Guaymas", "city"]]
ZIP = "the file: this is an archive (ZIP) and no workbook (XLSX, ODS); unpack it first."
OLE = "the file: this is no workbook that can be read; save it as XLSX, ODS or CSV."
PROFILE = (
    "write 2024, 2024-04 or 2024-04-03, with ? or ~ behind it if unsure, or "
    "[2024-04-01..2024-04-10] for one day in a range."
)
OUTSIDE = (
    "is EDTF that is not supported here; write 2024, 2024-04 or "
    "2024-04-03, [2024-04..2024-06] for one day in a range, each "
    "end in a field of its own."
)
QUANTITY = (
    "is not a quantity; write digits with a point for decimals and nothing between "
    "thousands: 15000, ~10000, >30000, >=30000, <500 or 10000..15000."
)
DAY = "write a day as 2024-04-03."
WHOLE = "write a whole number, in at most 18 digits."
NUMBER = (
    "write a number in at most 18 digits, with a point for decimals and nothing "
    "between thousands."
)
NO_SLUG = "Write a slug with a to z, 0 to 9 and single hyphens between them"
NO_KEY = "the file: the column “slug” is required; it identifies the rows."
NAME = 'line 2, column "name"'
AS_UTF_8 = "is not UTF-8; save the file as UTF-8, or name its encoding in a mapping."
COLUMNS = (
    "slug, status, name, name_es, kind, parent, iso_code, latitude, longitude, "
    "public_note, public_note_es, private_note"
)


@dataclass(frozen=True)
class Bad:
    """A file for a table, and what is said of it; or what of it is on record then."""

    data: str | bytes
    faults: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    kept: list[list[str]] | None = None  # the first cells of each new row
    table: str = "places"


def column(name, texts, said, table, head, row):
    """A file with one doubtful text a row, and what is said of that column in each."""
    rows = [[*(cell.format(n) for cell in row), t] for n, t in enumerate(texts)]
    return Bad(
        write_table([*head, name], rows),
        [
            f'line {line}, column "{name}": {sentence}'
            for line, sentence in enumerate(said, 2)
            if sentence
        ],
        table=table,
    )


def dates(*pairs, name="founded"):
    head, row = ["slug", "name", "kind"], ["agency-{}", "Bureau {0}{0}", "ministry"]
    return column(name, *zip(*pairs, strict=True), "agencies", head, row)


def days(*texts, said=f": {DAY}"):
    head, row = ["slug", "title", "kind"], ["source-{}", "Sheet {0}{0}", "law"]
    sentences = [f"“{text}”{said}" for text in texts]
    return column("accessed_on", texts, sentences, "sources", head, row)


def quantities(*pairs):
    head = ["slug", "metric", "modality"]
    row = ["observation-{}", "troops", "actual"]
    return column("value", *zip(*pairs, strict=True), "observations", head, row)


def whole_numbers(*texts):
    head, row = ["slug", "title", "agency"], ["post-{}", "Head {0}{0}", "sedena"]
    said = [f"“{text}”: {WHOLE}" for text in texts]
    return column("seats", texts, said, "posts", head, row)


def numbers(*texts):
    head, row = ["slug", "name", "kind", "longitude"], ["p-{}", "P{0}{0}", "city", "1"]
    said = [f"“{text}”: {NUMBER}" for text in texts]
    return column("latitude", texts, said, "places", head, row)


def names(*pairs):
    head, row = ["slug", "kind"], ["place-{}", "city"]
    return column("name", *zip(*pairs, strict=True), "places", head, row)


def a_zip(**members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return file.getvalue()


SHEET = '<worksheet><dimension ref="{}"/><sheetData>{}</sheetData></worksheet>'
ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;"><!ENTITY c SYSTEM "file:///">]>'
    "<worksheet>&b;&c;</worksheet>"
)

FILES = {
    "1 empty": Bad(b"", ["the file: it is empty."]),
    "2 header only": Bad(PLACES, kept=[]),
    "3 UTF-8 with a byte order mark": Bad(
        (PLACES + "guaymas,Guaymas,city\r\n").encode("utf-8-sig"), kept=ONE_PLACE
    ),
    "4 UTF-16 LE with a mark": Bad(
        b"\xff\xfe" + (PLACES + "guaymas,Guaymas,city").encode("utf-16-le"),
        kept=ONE_PLACE,
    ),
    "4 UTF-16 BE with a mark": Bad(
        b"\xfe\xff" + (PLACES + "guaymas,Guaymas,city").encode("utf-16-be"),
        kept=ONE_PLACE,
    ),
    "4 UTF-16 without a mark": Bad(
        (PLACES + "guaymas,Guaymas,city").encode("utf-16-le"),
        [
            "the file: it looks like UTF-16 without a byte order mark; save the file "
            "as UTF-8."
        ],
    ),
    "5 Latin-1": Bad(
        (PLACES + "a,Amé,city\r\n").encode("latin-1"),
        [f"{NAME}: byte 0xE9 at place 5 {AS_UTF_8}"],
    ),
    "5 the code page of Windows": Bad(
        (PLACES + "a,Ame,city\r\nb,“B”,city\r\n").encode("cp1252"),
        [f'line 3, column "name": byte 0x93 at place 3 {AS_UTF_8}'],
    ),
    "6 encoded twice": Bad(
        PLACES + "jose,San JosÃ©,city\r\n",
        warnings=[
            'line 2, column "name": “JosÃ©” looks encoded twice; is “José” meant? Save '
            "the file as UTF-8 (“San JosÃ©”)."
        ],
        kept=[["jose", "draft", "San JosÃ©", "city"]],
    ),
    "7 NUL": Bad(
        PLACES + "a,A\0,city\r\n",
        ["line 2: control character U+0000; is this CSV, saved as UTF-8?"],
    ),
    "8 control characters": names(
        (
            "A\x07b",
            r"Character 2 is a control character (U+0007); remove it (“A\x07b”).",
        ),
        (
            "A\x85b",
            r"Character 2 is a control character (U+0085); remove it (“A\x85b”).",
        ),
        (
            "A\x1b[31m",
            r"Character 2 is a control character (U+001B); remove it (“A\x1b[31m”).",
        ),
        ("A\tb", r"Character 2 is a line break or a tab (U+0009); remove it (“A\tb”)."),
        (
            "A\nb",
            r"Character 2 is a line break or a tab (U+000A); remove it (“A\nb”).",
        ),
    ),
    "8 tabs and line ends in a text of several lines": Bad(
        'slug,public_note,name,kind\r\na,"one\r\n\ttwo",A,city\r\n',
        kept=[["a", "draft", "A", "city", "", "", "", "", "one\n\ttwo"]],
    ),
    "9 a lone surrogate": Bad(
        PLACES.encode() + b"a,A\xed\xa0\x80,city\r\n",
        [f"{NAME}: byte 0xED at place 4 {AS_UTF_8}"],
    ),
    "9 a cut file": Bad(
        (PLACES + "a,é").encode()[:-1],
        [
            f"{NAME}: byte 0xC3 at place 3 begins a character that does not end: "
            "the file is cut or not UTF-8.",
            "line 2: it has 2 cells, the header has 3.",
        ],
    ),
    "10 unclosed quote": Bad(
        PLACES + 'a,"A,city\r\nb,B,city\r\n',
        [
            "line 2: a quote that is opened here is never closed. "
            "The lines after it were read as rows."
        ],
    ),
    "11 short row": Bad(
        PLACES + "a,A,city\r\nb\r\n", ["line 3: it has 1 cell, the header has 3."]
    ),
    "12 long row": Bad(
        PLACES + "a,A,city\r\nb,B,city,x\r\n",
        ["line 3: it has 4 cells, the header has 3."],
    ),
    "13 doubled header": Bad(
        "slug,name,kind,name\r\na,A,city,B\r\n",
        ["line 1: the column “name” stands there 2 times, in places 2, 4."],
    ),
    "14 header with a blank, and with a capital": Bad(
        "slug,Name ,Kind\r\na,A,city\r\n",
        [
            "the file: unknown column “Name ”; did you mean name?",
            "the file: unknown column “Kind”; did you mean kind?",
        ],
    ),
    "15 unknown columns": Bad(
        "slug,name,kind,lattitude,colour\r\na,A,city,,\r\n",
        [
            "the file: unknown column “lattitude”; did you mean latitude / longitude?",
            "the file: unknown column “colour”; leave it out: the columns are "
            f"{COLUMNS}.",
        ],
    ),
    "16 without the key": Bad("name,kind\r\nA,city\r\n", [NO_KEY]),
    "17 semicolons": Bad(
        PLACES.replace(",", ";") + "guaymas;Guaymas;city\r\n", kept=ONE_PLACE
    ),
    "17 tabs": Bad(
        PLACES.replace(",", "\t") + "guaymas\tGuaymas\tcity\r\n", kept=ONE_PLACE
    ),
    "17 another delimiter": Bad(
        PLACES.replace(",", " | ") + "a | A | city\r\n",
        [
            "the file: the delimiter is “|”; save it with commas, "
            "semicolons or tabs as delimiter."
        ],
    ),
    "18 the same key twice": Bad(
        PLACES + "a,A,city\r\nb,B,city\r\na,C,city\r\n",
        ["line 4: Line 2 has the same key; keep one of the two."],
    ),
    "19 keys that differ by case, a blank, an invisible character": column(
        "slug",
        ["a", "A", " a", "a\u200b"],
        [None, *(f"{NO_SLUG} (“{text}”)." for text in ("A", " a", r"a\u200b"))],
        "places",
        ["name", "kind"],
        ["A", "city"],
    ),
    "19 keys that differ by their normal form, a blank, an invisible character": Bad(
        "agency,text,kind,language\r\nsedena,Fuerza Aérea,short,es\r\n"
        "sedena,Fuerza Ae\u0301rea,short,es\r\nsedena, Fuerza Aérea ,short,es\r\n"
        "sedena,Fuerza\u200b Aérea,short,es\r\n",
        [
            *(
                f"line {line}: Line 2 has the same key once both are normalized; keep "
                "one of them."
                for line in (3, 4)
            ),
            'line 5, column "text": Character 7 is an invisible character (U+200B); '
            "remove it (“Fuerza\\u200b Aérea”).",
        ],
        table="agency_names",
    ),
    "19 keys that differ by capital letters": Bad(
        "agency,text,kind,language\r\nsedena,Fuerza Aérea,short,es\r\n"
        "sedena,FUERZA AÉREA,short,es\r\nsedena,FUERZA AÉREA,acronym,es\r\n",
        ["line 3: Line 2 has the same key once both are normalized; keep one of them."],
        table="agency_names",
    ),
    "20 a cell of 131073 characters": Bad(
        PLACES + f"a,{'x' * 131_073},city\r\n",
        ['line 2, column "name": the cell is longer than 64 KiB.'],
    ),
    "21 100001 rows": Bad(
        PLACES + "a,A,city\r\n" * 100_001,
        ["the file: it has more than 100000 rows; split it."],
    ),
    "21 201 columns": Bad(
        ",".join(f"c{n}" for n in range(201)), ["line 1: more than 200 columns."]
    ),
    "21 20 MiB and a byte": Bad(
        b"x" * ((20 << 20) + 1), ["the file: it is larger than 20 MiB; split it."]
    ),
    "22 a spreadsheet with a long text": Bad(
        a_zip(xl__sharedStrings=f"<sst><t>{'x' * 3_000_000}</t></sst>"), [ZIP]
    ),
    "23 a spreadsheet that says it is smaller": Bad(
        a_zip(xl__sheet1=SHEET.format("A1:A1", "<row/>" * 9)), [ZIP]
    ),
    "24 a spreadsheet that says it is larger": Bad(
        a_zip(xl__sheet1=SHEET.format("A1:XFD1048576", "")), [ZIP]
    ),
    "25 a spreadsheet with links and macros": Bad(
        a_zip(xl__vbaProject="x", xl__externalLinks__link1="x"), [ZIP]
    ),
    "25 an open document": Bad(
        a_zip(mimetype="application/vnd.oasis.opendocument.spreadsheet"), [ZIP]
    ),
    "25 an old or an encrypted spreadsheet": Bad(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), [OLE]
    ),
    "26 a spreadsheet with entities": Bad(a_zip(xl__sheet1=ENTITIES), [ZIP]),
    "26 the same XML by itself": Bad(
        f'<?xml version="1.0"?>{ENTITIES}',
        ["the file: this is XML; save the table as CSV, UTF-8."],
    ),
    "27 a path out of the archive": Bad(a_zip(**{"..__x": "x"}), [ZIP]),
    "27 10000 members": Bad(a_zip(**{f"m{n}": "" for n in range(10_000)}), [ZIP]),
    "27 an archive in an archive": Bad(a_zip(inner=a_zip(x="x" * 10_000)), [ZIP]),
    "30 YAML": Bad(
        "- !!python/object/apply:os.system ['x']\r\n",
        ["the file: this is YAML; save the table as CSV, UTF-8."],
    ),
    "30 YAML that says so": Bad(
        "---\nslug: a\n", ["the file: this is YAML; save the table as CSV, UTF-8."]
    ),
    "30 a list in YAML": Bad(
        "- slug: a\n  name: A\n",
        ["the file: this is YAML; save the table as CSV, UTF-8."],
    ),
    "30 HTML": Bad(
        "<table><tr><td>slug</td></tr></table>",
        ["the file: this is HTML; save the table as CSV, UTF-8."],
    ),
    "30 JSON": Bad(
        '[{"slug": "a"}]', ["the file: this is JSON; save the table as CSV, UTF-8."]
    ),
}

NEVER_WAS = "is not a day in the calendar; check its month and its day."
CELLS = {
    "31 a day that never was": dates(
        ("2024-02-30", f"“2024-02-30” {NEVER_WAS}"),
        ("2024-13", f"“2024-13” {NEVER_WAS}"),
    ),
    "31 a day that never was, in a column of days": days(
        "2024-02-30", said=" is no such day."
    ),
    "32 dates in other forms": dates(
        *(
            (text, f"“{text}” is not a date; {PROFILE}")
            for text in ("03/04/2024", "3 Apr 24", "45385", "2020-10--", "2024-1-1")
        )
    ),
    "32 days in other forms": days(
        "03/04/2024", "3 Apr 24", "45385", "2020-10--", "2024-1-1", "2024", "2024-04"
    ),
    "33 years outside of the calendar": dates(
        ("0000", "“0000” names the year 0; years go from 0001 to 9999."),
        (
            "[0000..2001]",
            "“[0000..2001]” names the year 0; years go from 0001 to 9999.",
        ),
        ("10000", f"“10000” is not a date; {PROFILE}"),
        ("\u221244", f"“\u221244” is not a date; {PROFILE}"),
        ("-0044", f"“-0044” {OUTSIDE}"),
    ),
    "33 EDTF outside of the profile": dates(
        *(
            (text, f"“{text}” {OUTSIDE}")
            for text in ("1XXX", "156X-12-25", "2024-25", "2024?~")
        ),
        (
            "2024/2025",
            "“2024/2025” is an interval; write its start and its end each in a field "
            "of its own, or [2024-04..2024-06] for one day in a range.",
        ),
    ),
    "34 partial dates are kept as given": Bad(
        "slug,name,kind,founded,dissolved\r\na,Bureau,ministry,2024,..\r\n"
        "b,Office,ministry,2024-05~,\r\nc,Board,ministry,[..2009-10],2024?\r\n"
        "d,Bank,ministry,201X,2024-XX\r\ne,Post,ministry,2001-24,2004-06-XX~\r\n",
        kept=[
            ["a", "draft", "Bureau", "ministry", "", "", "", "2024", ".."],
            ["b", "draft", "Office", "ministry", "", "", "", "2024-05~", ""],
            ["c", "draft", "Board", "ministry", "", "", "", "[..2009-10]", "2024?"],
            ["d", "draft", "Bank", "ministry", "", "", "", "201X", "2024-XX"],
            ["e", "draft", "Post", "ministry", "", "", "", "2001-24", "2004-06-XX~"],
        ],
        table="agencies",
    ),
    "34 partial dates in a column of days": days("2024", "2024-05~", "[..2009-10]"),
    "34 a start that goes on": dates(
        ("..", "“..” says that something still goes on; only an end can say so.")
    ),
    "35 an end before its start": Bad(
        "slug,name,kind,founded,dissolved\r\na,Bureau,ministry,2020-02,2019\r\n",
        [
            "line 2: It cannot end before it starts (founded “2020-02”, dissolved "
            "“2019”)."
        ],
        table="agencies",
    ),
    "35 an end that may be before its start and need not": Bad(
        "slug,name,kind,founded,dissolved\r\na,Bureau,ministry,2020,[2019..2021]\r\n"
        "b,Office,ministry,2006,2006-08-09\r\nc,Board,ministry,1980-06-28,1980-06\r\n",
        kept=[
            ["a", "draft", "Bureau", "ministry", "", "", "", "2020", "[2019..2021]"],
            ["b", "draft", "Office", "ministry", "", "", "", "2006", "2006-08-09"],
            ["c", "draft", "Board", "ministry", "", "", "", "1980-06-28", "1980-06"],
        ],
        table="agencies",
    ),
    "35 a range that runs backwards": dates(
        (
            "[2021..2019]",
            "“[2021..2019]” ends before it begins; write the earlier date first.",
        ),
    ),
    # No column takes a time of day, so none can be without its offset.
    "36 times of day": dates(
        *(
            (text, f"“{text}” {OUTSIDE}")
            for text in ("2024-03-31T02:30:00", "2024-10-27T02:30", "2024-01-01T10:00Z")
        )
    ),
    "36 times of day in a column of days": days("2024-03-31T02:30", "2024-01-01 10:00"),
    "37 whole numbers in other forms": whole_numbers(
        *("1.9", "1,234", "1e3", "NaN", "Infinity", "\uff11\uff12\uff13", "+1", " 1")
    ),
    "37 numbers in other forms": numbers(
        *("1,234", "1e3", "NaN", "Infinity", "\uff11\uff12\uff13", ".5", "1.")
    ),
    "38 numbers out of range": whole_numbers("99999999999999999999", "1e999999"),
    "38 decimals out of range": numbers("99999999999999999999", "1e999999"),
    "38 quantities out of range": quantities(
        (
            "99999999999999999999",
            "“99999999999999999999” has too many digits; at most 15, 4 behind the "
            "point.",
        ),
        ("1e999999", f"“1e999999” {QUANTITY}"),
    ),
    "39 words that are none": column(
        "kind",
        ["maybe", "ja", "City"],
        [
            f"“{text}” is not a valid choice; choose one of: country, state, sector, "
            "city, site, sea-area, region."
            for text in ("maybe", "ja", "City")
        ],
        "places",
        ["slug", "name"],
        ["place-{}", "Place {0}{0}"],
    ),
    "40 a published observation without citation": Bad(
        "slug,status,metric,value,modality\r\na,published,troops,5,actual\r\n",
        ["line 2: “Troops: 5 persons”: it has no citation; name a source for it."],
        table="observations",
    ),
    "40 quantities in other forms": quantities(
        ("12 USD", f"“12 USD” {QUANTITY}"),
        ("10.000", "“10.000” can be read in two ways; write 10 or 10000."),
        (
            "10000..5000",
            "“10000..5000” ends below its beginning; write the smaller number first.",
        ),
        (">~5", f"“>~5” {QUANTITY}"),
    ),
    "41 what does not exist": Bad(
        "slug,title,agency\r\na,Head,sedna\r\nb,Deputy,nothing-like-it\r\n",
        [
            'line 2, column "agency": There is no agency “sedna”; did you mean sedena?',
            'line 3, column "agency": There is no agency “nothing-like-it”.',
        ],
        table="posts",
    ),
    "41 names instead of slugs": Bad(
        "slug,official,post,kind\r\na,Claudia Sheinbaum,the-head,acting\r\n"
        "b,SHEINBAUM,Head of the ministry,acting\r\n",
        [
            'line 2, column "official": There is no official “Claudia Sheinbaum”; did '
            "you mean claudia-sheinbaum?",
            'line 3, column "official": There is no official “SHEINBAUM”; did you mean '
            "claudia-sheinbaum?",
            'line 3, column "post": There is no post “Head of the ministry”; did you '
            "mean the-head?",
        ],
        table="appointments",
    ),
    "41 one of several names, and of several records": Bad(
        "slug,title,agency\r\na,Head,Secretaria de la Defensa Nacional\r\n"
        "b,Deputy,Guardia\r\n",
        [
            'line 2, column "agency": There is no agency “Secretaria de la Defensa '
            "Nacional”; did you mean sedena?",
            'line 3, column "agency": There is no agency “Guardia”; did you mean '
            "guardia-costera / guardia-nacional?",
        ],
        table="posts",
    ),
    "42 a circle": Bad(
        "slug,name,kind,parent\r\na,Bureau,ministry,b\r\nb,Office,ministry,a\r\n"
        "c,Board,ministry,c\r\n",
        [
            "line 2: This is a circular reference: a → b → a.",
            "line 4: This is a circular reference: c → c.",
        ],
        table="agencies",
    ),
    "42 a circle with what is on record": Bad(
        "slug,name,kind,parent\r\nguardia-nacional,Guardia Nacional,armed-force,x\r\n"
        "x,Bureau,ministry,guardia-nacional\r\n",
        [
            "line 2: This is a circular reference: guardia-nacional → x → "
            "guardia-nacional.",
        ],
        table="agencies",
    ),
    "43 children before their parents": Bad(
        "slug,name,kind,parent\r\na,Bureau,ministry,b\r\nb,Office,ministry,\r\n",
        kept=[
            ["a", "draft", "Bureau", "ministry", "", "b"],
            ["b", "draft", "Office", "ministry", "", ""],
        ],
        table="agencies",
    ),
    "44 marks that turn names around": names(
        *(
            (
                f"A{mark}b",
                f"Character 2 is a mark that turns text around (U+{ord(mark):04X}); "
                f"remove it (“A\\u{ord(mark):04x}b”).",
            )
            for mark in "\u202e\u2066\u2068\u2069"
        )
    ),
    "44 marks that turn free text around": Bad(
        PLACES.replace("kind", "kind,public_note") + "a,A,city,x\u202ey\r\n",
        kept=[["a", "draft", "A", "city", "", "", "", "", "x\u202ey"]],
    ),
    "45 what cannot be seen": names(
        *(
            (
                f"A{sign}b",
                f"Character 2 is an invisible character (U+{ord(sign):04X}); remove "
                f"it (“A{sign.encode('unicode_escape').decode()}b”).",
            )
            for sign in "\u200b\ufeff\U000e0041\u200d\u200c"
        )
    ),
    "45 what cannot be seen in free text": Bad(
        PLACES.replace("kind", "kind,public_note")
        + "a,A,city,x\u200by\r\nb,B,city,x\U000e0041y\r\n",
        [
            'line 2, column "public_note": Character 2 is an invisible character '
            "(U+200B); remove it (“x\\u200by”).",
            'line 3, column "public_note": Character 2 is an invisible character '
            "(U+E0041); remove it (“x\\U000e0041y”).",
        ],
    ),
    "45 joiners where a script needs them": Bad(
        PLACES + "a,\u0645\u06cc\u200c\u062e\u0648,city\r\nb,\u0915\u094d\u200d\u0937,"
        "city\r\n",
        kept=[
            ["a", "draft", "\u0645\u06cc\u200c\u062e\u0648", "city"],
            ["b", "draft", "\u0915\u094d\u200d\u0937", "city"],
        ],
    ),
    "46 a word of two scripts": Bad(
        "slug,name\r\npaul,P\u0430ul Ek\r\n",
        warnings=[
            'line 2, column "name": “P\u0430ul” mixes scripts: Latin and Cyrillic '
            "letters, which can look the same (“P\u0430ul Ek”)."
        ],
        kept=[["paul", "draft", "P\u0430ul Ek"]],
        table="officials",
    ),
    "46 a name that looks like one on record": Bad(
        "slug,name\r\nclaudia,Cl\u0430udia Sheinbaum\r\n",
        warnings=[
            'line 2, column "name": “Cl\u0430udia” mixes scripts: Latin and Cyrillic '
            "letters, which can look the same (“Cl\u0430udia Sheinbaum”).",
            'line 2, column "name": this would create a record that may be '
            "a duplicate of “claudia-sheinbaum”: “Cl\u0430udia Sheinbaum” and "
            "“Claudia Sheinbaum” look the same, in letters of two scripts.",
        ],
        kept=[["claudia", "draft", "Cl\u0430udia Sheinbaum"]],
        table="officials",
    ),
    "47 text that is not composed": Bad(
        PLACES + "jose,San Jose\u0301,city\r\n",
        kept=[["jose", "draft", "San José", "city"]],
    ),
    "48 formulas": Bad(
        PLACES + "a,=cmd|' /C calc'!A0,city\r\nb,==1+1,city\r\nc,+1,city\r\n"
        "d,-1,city\r\ne,@SUM,city\r\nf,'=2,city\r\ng,''=2,city\r\n",
        kept=[
            [slug, "draft", name, "city"]
            for slug, name in zip(
                "abcdefg",
                ["=cmd|' /C calc'!A0", "==1+1", "+1", "-1", "@SUM", "=2", "'=2"],
                strict=True,
            )
        ],
    ),
    "48 a formula behind a tab": Bad(
        PLACES.replace("kind", "kind,public_note") + "a,A,city,\t=1+1\r\n",
        kept=[["a", "draft", "A", "city", "", "", "", "", "\t=1+1"]],
    ),
    "49 a number below zero": Bad(
        "slug,metric,value,modality\r\na,troops,-5,actual\r\n",
        kept=[["a", "draft", "troops", "-5"]],
        table="observations",
    ),
    "50 emoji and marks": Bad(
        PLACES + "a,\U0001f469\u200d\U0001f680 \U0001d49c,city\r\n"
        f"b,q{chr(0x301) * 16},city\r\n",
        kept=[
            ["a", "draft", "\U0001f469\u200d\U0001f680 \U0001d49c", "city"],
            ["b", "draft", f"q{chr(0x301) * 16}", "city"],
        ],
    ),
    "50 200 marks on one letter": names(
        (
            f"q{chr(0x301) * 200}",
            "Character 1 carries more than 16 marks; remove some "
            f"(“q{chr(0x301) * 79}…”).",
        )
    ),
}
CASES = FILES | CELLS


@pytest.fixture
def on_record():
    """What the files are about."""
    make.an_official("Claudia Sheinbaum", slug="claudia-sheinbaum")
    ministry = make.an_agency("Ministry of Defense", slug="sedena")
    name = "Secretaría de la Defensa Nacional"
    make.an_agency_name(ministry, name, kind="official", language="es")
    make.an_agency("Guardia Nacional", kind="armed-force", slug="guardia-nacional")
    make.an_agency("Guardia Costera", kind="armed-force", slug="guardia-costera")
    make.a_post("Head of the ministry", agency=ministry, slug="the-head")
    make.a_metric("Troops", slug="troops")


def rows_in(table):
    """The rows of a table but for translations, of which no file here has any."""
    resource = TABLES[table]()
    own = [not name.endswith("_es") for name in resource.get_export_headers()]
    return [list(compress(row, own)) for row in resource.rows()]


def answer_to(case):
    """All that is said of a file, of its form or of its rows; warnings; new rows."""
    data = case.data if isinstance(case.data, bytes) else case.data.encode()
    before = {row[0]: row for row in TABLES[case.table]().rows()}
    try:
        outcome = read_in(case.table, data)
    except TableError as error:
        return [str(fault) for fault in error.faults], [], []
    kept = [row for row in rows_in(case.table) if row[0] not in before]
    return faults_in(outcome), [str(said) for said in outcome.warnings], kept


@pytest.mark.usefixtures("on_record")
@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_bad_file_gets_its_answer_and_leaves_nothing(case):
    before = digest()
    said, warnings, rows = answer_to(case)
    assert said == case.faults
    assert warnings == case.warnings
    if case.kept is None:
        assert case.faults
        assert digest() == before
    else:
        kept = zip(rows, case.kept, strict=True)
        assert [row[: len(cells)] for row, cells in kept] == case.kept


@pytest.mark.usefixtures("on_record")
@pytest.mark.parametrize(
    "case", [case for case in CASES.values() if case.kept], ids=lambda case: case.table
)
def test_what_is_kept_of_a_file_is_the_same_when_it_is_sent_again(case):
    answer_to(case)
    before = digest()
    text = write_table(
        TABLES[case.table]().get_export_headers(), TABLES[case.table]().rows()
    )
    for data in (case.data, text):
        data = data if isinstance(data, bytes) else data.encode()
        outcome = read_in(case.table, data)
        assert not outcome.faults
        assert outcome.counts["same"] == open_sheet(data).rows
    assert digest() == before


@pytest.mark.usefixtures("on_record")
def test_on_export_what_a_spreadsheet_would_run_has_an_apostrophe_and_a_number_none():
    answer_to(CASES["48 formulas"])
    answer_to(CASES["49 a number below zero"])
    written = {
        name: [row[2:4] for row in rows_in(name)] for name in ("places", "observations")
    }
    text = write_table(["name", "kind"], written["places"])
    assert text.split("\r\n")[1:-1] == [
        "'=cmd|' /C calc'!A0,city",
        "'==1+1,city",
        "'+1,city",
        "-1,city",
        "'@SUM,city",
        "'=2,city",
        "''=2,city",
    ]
    assert write_table(["metric", "value"], written["observations"]).endswith(
        "troops,-5\r\n"
    )


def test_28_a_file_is_judged_by_what_is_in_it_and_not_by_its_name(client):
    superuser(client)
    text = PLACES + "guaymas,Guaymas,city\r\n"
    assert counts(upload(client, text, name="places.xlsx")) == {"new": 1}
    refused = upload(client, a_zip(xl__sheet1=SHEET), name="places.csv")
    assert faults(refused) == [ZIP]


def test_many_that_do_not_exist_are_all_told_and_only_the_first_explained():
    make.an_agency(slug="sedena")
    rows = [[f"post-{n}", "Head", f"sedena-{n}"] for n in range(150)]
    said = faults_in(read_in("posts", write_table(["slug", "title", "agency"], rows)))
    assert len(said) == 150
    assert said[99].endswith("There is no agency “sedena-99”; did you mean sedena?")
    assert said[100].endswith("There is no agency “sedena-100”.")


REFUSE = """
import os, pickle, resource, sys
import django
from django.utils.translation import gettext
django.setup()
gettext("What it says of a file is looked up in a catalogue, which is no part of it.")
from provenance.tables import TableError, open_sheet
for name, data in pickle.load(sys.stdin.buffer).items():
    if os.fork():  # each has a process of its own
        os.wait()
        continue
    room = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (room + (8 << 20), resource.RLIM_INFINITY))
    try:
        open_sheet(data)
    except TableError as error:
        print(name, error, sep="\\t", flush=True)
    os._exit(0)
"""
OPENED = {"22", "23", "24", "25", "26", "27"}  # by those who unpack them
BOMBS = {name: bad for name, bad in FILES.items() if name[:2] in OPENED}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="it reads /proc")
def test_a_bomb_is_refused_without_room_to_unpack_it():
    """Eight MiB are enough to refuse it."""
    files = {
        name: bad.data if isinstance(bad.data, bytes) else bad.data.encode()
        for name, bad in BOMBS.items()
    }
    done = subprocess.run(
        [sys.executable, "-c", REFUSE],
        input=pickle.dumps(files),
        capture_output=True,
        check=False,
    )
    said = [line.split("\t") for line in done.stdout.decode().splitlines()]
    faults = [[name, fault] for name, bad in BOMBS.items() for fault in bad.faults]
    assert said == faults, done.stderr.decode()
