"""Detects what a file of text is and its encoding, by its bytes alone."""

import codecs
import io
import re
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .faults import Fault, TableError

PIECE = 1 << 16  # bytes that are decoded at a time
UNDECODED = re.compile("[\udc80-\udcff]")  # bytes that stand in a text as such

# How files begin that somebody may take for a table.
SIGNATURES = {
    (b"%PDF",): gettext_lazy("this is a PDF; send the table in it as CSV, UTF-8."),
    (b"\x1f\x8b",): gettext_lazy("this is compressed (gzip); unpack it first."),
    (b"\xff\xfe\0\0", b"\0\0\xfe\xff"): gettext_lazy(
        "this is UTF-32; save the file as UTF-8."
    ),
}
OTHER_LANGUAGES = {
    "HTML": re.compile(r"<(?:!doctype|html|head|body|table|meta|div)\b", re.IGNORECASE),
    "XML": re.compile(r"<\?xml\b"),
    "JSON": re.compile(r'\{\s*"|\[\s*(?:\{\s*"|\["|")'),
    "YAML": re.compile(r"%YAML\b|---\s|-[ ]+(?:!|\w+:\s)"),
}


@dataclass(frozen=True)
class Encoding:
    """An encoding that is read: its name, its codec, and how long its mark is."""

    name: str
    codec: str
    mark: bytes = b""
    is_declared: bool = False  # by whoever knows the file, not by its bytes

    @property
    def family(self):
        """The encoding without its variants."""
        if self.is_declared:
            return self.name
        return "UTF-16" if self.codec.startswith("utf-16") else "UTF-8"

    def text_of(self, origin):
        """The text as a file to read from; its line ends stay as they are.

        Bytes that are no part of a character stand there as ``UNDECODED``, but for
        UTF-16, of which nobody knows how the bytes behind them belong together.
        """
        file = origin.opened()
        file.seek(len(self.mark))
        errors = "strict" if self.family == "UTF-16" else "surrogateescape"
        return io.TextIOWrapper(file, self.codec, errors, newline="\n")

    def fault_in(self, line, number):
        """What is wrong with a line of the text; None if each byte of it is."""
        if line.isascii() or not UNDECODED.search(line):
            return None
        try:
            line.encode(self.codec, "surrogateescape").decode(self.codec)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].decode(self.codec)
            return _undecodable(error, self, number, 1 + len(before))


PLAIN = Encoding("UTF-8", "utf-8")
MARKED = (
    Encoding("UTF-8 with a byte order mark", "utf-8", codecs.BOM_UTF8),
    Encoding("UTF-16", "utf-16-le", codecs.BOM_UTF16_LE),
    Encoding("UTF-16", "utf-16-be", codecs.BOM_UTF16_BE),
)
# Encodings of one byte a character, which only whoever knows the file can name.
ENCODINGS = {
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
    **{f"iso-8859-{part}": f"iso8859-{part}" for part in (*range(1, 11), 13, 14, 15)},
    "macintosh": "mac_roman",
    "ibm437": "cp437",
    "ibm850": "cp850",
}


def encoding_of(origin, declared=""):
    """The encoding of a file that is nothing but text; TableError for any other.

    ``declared`` is one of ``ENCODINGS``, that of a file without a mark; "" if nobody
    has said any.
    """
    first = origin.start(4)  # no signature and no mark is longer
    for starts, message in SIGNATURES.items():
        if first.startswith(starts):
            raise TableError(Fault(0, str(message)))
    encoding = next((each for each in MARKED if first.startswith(each.mark)), PLAIN)
    if encoding is PLAIN and declared:
        _check_it_is_not_plain(origin, declared)
        encoding = Encoding(declared, ENCODINGS[declared], is_declared=True)
    elif encoding is PLAIN and (wide := _unmarked(first)):
        raise TableError(
            Fault(
                0,
                _("it looks like %s without a byte order mark; save the file as UTF-8.")
                % wide,
            )
        )
    if encoding.family == "UTF-16":
        _check_decoding(origin, encoding)
    with encoding.text_of(origin) as text:
        start = text.read(1000).lstrip()
    for language, pattern in OTHER_LANGUAGES.items():
        if pattern.match(start):
            raise TableError(
                Fault(0, _("this is %s; save the table as CSV, UTF-8.") % language)
            )
    return encoding


def _check_it_is_not_plain(origin, declared):
    """Refuses UTF-8 under another name: its letters would be read as other ones."""
    try:
        _check_decoding(origin, PLAIN)
    except TableError:
        return
    with origin.opened() as file:
        if all(piece.isascii() for piece in iter(lambda: file.read(PIECE), b"")):
            return
    message = _(
        "it is UTF-8, and the mapping says %s; take “encoding” out of the mapping."
    )
    raise TableError(Fault(0, message % declared))


def _unmarked(start):
    """The wide encoding in which two plain letters would begin a file like this."""
    zeros = [byte == 0 for byte in start]
    if zeros in ([False, True, True, True], [True, True, True, False]):
        return "UTF-32"
    if zeros in ([False, True, False, True], [True, False, True, False]):
        return "UTF-16"
    return ""


def _check_decoding(origin, encoding):
    """Names the place of the first byte that is no part of a character."""
    decoder = codecs.getincrementaldecoder(encoding.codec)()
    line = place = 1
    with origin.opened() as file:
        file.seek(len(encoding.mark))
        is_read = False
        while not is_read:
            piece = file.read(PIECE)
            is_read = not piece
            try:
                text = decoder.decode(piece, final=is_read)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding.codec)
                line, place = _behind(before, line, place)
                fault = _undecodable(error, encoding, line, place)
                why = _("All behind it may be shifted, and was not read.")
                said = replace(fault, message=f"{fault.message} {why}")
                raise TableError(said) from None
            line, place = _behind(text, line, place)


def _behind(text, line, place):
    """The line and the place in it behind a text that begins at these."""
    last = text.rfind("\n")
    if last < 0:
        return line, place + len(text)
    return line + text.count("\n"), len(text) - last


def _undecodable(error, encoding, line, place):
    if error.end == len(error.object) and "data" in error.reason:
        message = _(
            "byte %(byte)s at place %(place)d begins a character that does not end: "
            "the file is cut or not %(encoding)s."
        )
    elif encoding is PLAIN:
        message = _(
            "byte %(byte)s at place %(place)d is not %(encoding)s; save the file as "
            "UTF-8, or name its encoding in a mapping."
        )
    else:
        message = _(
            "byte %(byte)s at place %(place)d is not %(encoding)s; save the file as "
            "UTF-8."
        )
    return Fault(
        line,
        message
        % {
            "byte": f"0x{error.object[error.start]:02X}",
            "place": place,
            "encoding": encoding.family,
        },
    )
