"""What a file is, is told by its bytes; and the text in it is read, harm or not."""

import io
import zlib

import pytest
from django.core.exceptions import ValidationError
from pypdf import PdfWriter

from provenance.files import formats
from provenance.files.formats import HTML, JPEG, PDF, PNG, TEXT, WEBP, recognized
from provenance.files.texts import text_of
from tests.hostile import BREAKS

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def a_pdf(*texts):
    """A PDF with these texts, a page each."""
    writer = PdfWriter()
    for text in texts:
        page = writer.add_blank_page(200, 200)
        drawn = f"BT /F1 12 Tf 10 100 Td ({text}) Tj ET".encode("latin-1")
        _draw(writer, page, drawn)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _draw(writer, page, content):
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    stream = DecodedStreamObject()
    stream.set_data(content)
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    page[NameObject("/Contents")] = writer._add_object(stream)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"%PDF-1.7\n", PDF),
        (PICTURE, PNG),
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"RIFF\x10\0\0\0WEBPVP8 ", WEBP),
        (b"<!DOCTYPE HTML><p>x", HTML),
        ("<html lang=es>ñ".encode("cp1252"), HTML),
        ("Reunión".encode(), TEXT),
        (b"\xef\xbb\xbfwith a mark", TEXT),
    ],
)
def test_a_format_is_told_by_the_bytes(data, found):
    assert recognized(data) is found


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"MZ\x90\0", "format"),
        (b"PK\x03\x04\0\0", "format"),
        (b"GIF89a\0", "format"),
        ("Reunión".encode("cp1252"), "format"),
        (b"text with \0 in it", "format"),
        (b"x" * (formats.MAX_BYTES + 1), "too_large"),
    ],
    ids=["empty", "program", "archive", "gif", "cp1252", "zero", "large"],
)
def test_what_is_no_such_file_is_refused(data, code):
    with pytest.raises(ValidationError) as refused:
        recognized(data)
    assert refused.value.code == code


def test_the_text_of_a_pdf_is_read_page_by_page():
    assert text_of(PDF, a_pdf("First page", "Second page")) == (
        "First page\n\nSecond page"
    )


def test_of_a_page_is_read_what_it_shows():
    page = (
        "<html><head><title>no</title><meta charset=windows-1252></head><body>"
        "<script>no()</script><h1>Reunión</h1><p>Se   vieron<br>dos&nbsp;veces.</p>"
        "<style>.no{}</style></body></html>"
    )
    assert text_of(HTML, page.encode("cp1252")) == ("Reunión\n\nSe vieron\ndos veces.")


@pytest.mark.parametrize(
    "page",
    [
        b"<html><head><title>x</title><body>Seen</body></html>",
        b"<html><meta charset=undefined><body>Seen",
        b"<html><meta charset=utf-7><noscript><body>Seen",
        b"<html><meta charset=unicode_escape><body>Seen\\ud800"[:-6],
    ],
)
def test_a_page_is_read_however_it_is_written(page):
    assert text_of(HTML, page) == "Seen"


def test_of_a_picture_there_is_no_text():
    assert text_of(PNG, PICTURE) == ""


@pytest.mark.parametrize("sign", [*BREAKS, "\0", "\x1b"])
def test_a_text_is_read_whatever_is_in_it(sign):
    assert "\0" not in text_of(TEXT, f"a {sign} b".encode("utf-8", "ignore"))


def a_pdf_that_unpacks_to_very_much():
    packed = zlib.compress(b"BT (x) Tj ET " * 20_000_000, 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages"
        b"/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox"
        b"[0 0 9 9]/Contents 4 0 R>>endobj\n4 0 obj<</Filter/FlateDecode/Length "
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


@pytest.mark.parametrize(
    "made",
    [
        lambda: b"%PDF-1.7 and nothing that is one",
        lambda: a_pdf("x")[:-200],
        a_pdf_that_unpacks_to_very_much,
    ],
    ids=["none", "cut", "bomb"],
)
def test_a_pdf_that_cannot_be_read_has_no_text_and_does_no_harm(made):
    assert len(text_of(PDF, made())) < 10
