"""Inputs that cost little to send and much to read, each with who reads it.

``BOMBS`` has a function for each, which makes it and hands back what reads it: that
returns whether it was refused, or taken for the little that it is.
"""

import pkgutil
import re
import struct
import zlib
from importlib import import_module
from pathlib import Path

from django.core.exceptions import ValidationError
from django.test import Client

import entities
import provenance
import timeline
from provenance.files.formats import PDF
from provenance.files.pictures import made_of
from provenance.files.texts import text_of
from provenance.tables import TableError, open_sheet
from tests.workbooks import archive, ods_of, with_cells

MIB = 1 << 20
ZEROS = "\0" * MIB
ENTITIES = '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 11)
)


def a_table(data):
    """What reads a table."""

    def read():
        try:
            return sum(len(rows) for _lines, rows in open_sheet(data).chunks()) < 10
        except TableError:
            return True

    return read


def a_pdf_of(content):
    """A PDF whose one page has this content, packed."""
    stream = zlib.compress(content, 9)
    data = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages"
        b"/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox"
        b"[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode/Length "
        + str(len(stream)).encode()
        + b">>stream\n"
        + stream
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )
    return lambda: not text_of(PDF, data)


def a_png(width, height, *chunks):
    """A picture that says to be so large."""

    def chunk(kind, data):
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    for kind, content in chunks:
        data += chunk(kind, content)
    data += chunk(b"IEND", b"")

    def read():
        try:
            made_of(data)
        except ValidationError:
            return True
        return False

    return read


def asked(*statuses, **request):
    """What asks the site something that it refuses with one of these."""
    method, path = request.pop("method", "post"), request.pop("path")

    def ask():
        return getattr(Client(), method)(path, **request).status_code in statuses

    return ask


def body(text):
    return asked(
        *(400, 401),
        path="/api/v1/officials/",
        data=text,
        content_type="application/json",
    )


LONG_TEXT = b"\0\0" + zlib.compress(bytes(400 * MIB), 9)
TOO_MANY = "&".join(f"p{n}=1" for n in range(10_001))
BOMBS = {
    "a ZIP of 1 GiB": lambda: a_table(archive({"x": [ZEROS] * 1024})),
    "a ZIP of 10,001 files": lambda: a_table(
        archive({"xl/workbook.xml": "", **{f"m{n}": "" for n in range(10_001)}})
    ),
    "a ZIP in a ZIP": lambda: a_table(archive({"x.zip": archive({"x": [ZEROS] * 99})})),
    "an XLSX of 1 GiB": lambda: a_table(
        archive({"xl/workbook.xml": "<x/>", "x": [ZEROS] * 1024})
    ),
    "an XLSX with a text of 300 MB": lambda: a_table(
        with_cells(["<row><c t='str'><v>", *["x" * MIB] * 300, "</v></c></row>"])
    ),
    "an XLSX with a cell in the last row and column": lambda: a_table(
        with_cells(['<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>'])
    ),
    "an XLSX with entities": lambda: a_table(
        with_cells([f"{ENTITIES}]><row><c t='str'><v>&a10;</v></c></row>"])
    ),
    "an ODS whose cells are repeated": lambda: a_table(
        ods_of(
            '<table:table table:name="x"><table:table-row '
            'table:number-rows-repeated="1048576"><table:table-cell '
            'office:value-type="string" table:number-columns-repeated="16384">'
            "<text:p>x</text:p></table:table-cell></table:table-row></table:table>"
        )
    ),
    "XML with entities": lambda: a_table(f"{ENTITIES}]><x>&a10;</x>".encode()),
    "a PDF of 240 MB": lambda: a_pdf_of(b"BT (x) Tj ET " * 20_000_000),
    "a PDF of deep lists": lambda: a_pdf_of(b"[" * 1_000_000),
    "a picture of 10,000 megapixels": lambda: a_png(100_000, 100_000),
    "a picture with a text of 400 MB": lambda: a_png(9, 9, (b"zTXt", b"x" + LONG_TEXT)),
    "a picture with a colour profile of 400 MB": lambda: a_png(
        9, 9, (b"iCCP", b"x" + LONG_TEXT)
    ),
    "JSON that is nested": lambda: body("[" * 1_000_000),
    "JSON of nested objects": lambda: body('{"a":' * 200_000 + "1" + "}" * 200_000),
    "JSON of a long number": lambda: body('{"name": ' + "9" * 2_000_000 + "}"),
    "JSON with a number of many digits": lambda: body('{"name": 1e99999999999}'),
    "a form of 10,001 fields": lambda: asked(
        400,
        path="/admin/login/",
        data=TOO_MANY,
        content_type="application/x-www-form-urlencoded",
    ),
    "an address of 10,001 parameters": lambda: asked(
        *(400, 414), method="get", path=f"/api/v1/officials/?{TOO_MANY}"
    ),
    "a page of 10,001 parameters": lambda: asked(
        *(400, 414), method="get", path=f"/officials/?{TOO_MANY}"
    ),
    "10,001 values of one parameter": lambda: asked(
        *(400, 414),
        method="get",
        path="/api/v1/officials/?slug=" + ",".join(["a"] * 10_001),
    ),
    "a form of 10,001 parts": lambda: asked(
        400,
        path="/admin/login/",
        data={f"p{n}": "1" for n in range(10_001)},
    ),
    "a header of parts without end": lambda: asked(
        *(400, 401, 406, 200),
        method="get",
        path="/api/v1/officials/",
        headers={"Accept": "a/b," * 15_000, "Accept-Language": "a-," * 15_000},
    ),
}


# What a regular expression of ours is tried with: as long as what it may be asked of,
# of each thing that one can go wrong at, with an end that does not fit.
LONGEST = 60_000
PIECES = (
    *(
        "a",
        "1",
        " ",
        "-",
        "[",
        "<",
        "(",
        '"',
        "'",
        ",",
        ".",
        "/",
        "&",
        "\n",
        "é",
        "=",
        "a1",
    ),
    *(
        "a ",
        "a-",
        "1-",
        "1.",
        "a.",
        "<a",
        "[1",
        "..",
        "a@",
        "://",
        "%2",
        "1,",
        "\\",
        "\n ",
    ),
)
HOSTILE = [
    piece * (LONGEST // len(piece)) + end for piece in PIECES for end in ("", "!", "\0")
]


SEARCHING = {"search", "finditer", "findall", "sub", "subn", "split"}
OF_OUR_TEXTS = {
    "provenance.backups.making.VARIABLE",  # .env.example
    "provenance.tracking.time_travel.READS",  # statements that we have made
}


def patterns():
    """Every regular expression that somebody else's text meets: its name, its ways."""
    sources = "".join(
        path.read_text("utf-8")
        for package in (provenance, entities, timeline)
        for path in Path(package.__path__[0]).rglob("*.py")
    )
    for package in (provenance, entities, timeline):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." in found.name or found.name.endswith("_reader"):
                continue  # what is not imported, but run
            module = import_module(found.name)
            for attribute, value in vars(module).items():
                name = f"{found.name}.{attribute}"
                if isinstance(value, re.Pattern) and name not in OF_OUR_TEXTS:
                    used = set(re.findall(rf"\b{attribute}\.([a-z]+)\(", sources))
                    ways = ["fullmatch", *["search"] * bool(used & SEARCHING)]
                    yield name, value, ways


def texts_for(pattern):
    """What it is tried with, by its kind."""
    is_bytes = isinstance(pattern.pattern, bytes)
    return [text.encode() for text in HOSTILE] if is_bytes else HOSTILE


def try_all(pattern, ways):
    """What tries a regular expression with each hostile text, in these ways."""

    def read():
        for text in texts_for(pattern):
            for way in ways:
                getattr(pattern, way)(text)
        return True

    return read
