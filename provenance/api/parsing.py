"""Reads JSON bodies strictly: nothing is guessed, dropped or read in two ways."""

import json
import re
from decimal import Decimal

from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import parsers
from rest_framework.exceptions import ParseError, UnsupportedMediaType

from ..tables import UPLOAD
from .problems import TOO_LARGE, Refused

MAX_BODY = 2 * 1024 * 1024
MAX_DEPTH = 32
NO_TEXT = re.compile("[\x00\ud800-\udfff]")


class PlainParser(parsers.BaseParser):
    """The bytes of a body as they are: not packed, in a known charset, not too long."""

    charsets = ("utf-8", "utf8")
    most = MAX_BODY
    wanted = gettext_lazy("Send plain JSON in UTF-8.")

    def parse(self, stream, media_type=None, parser_context=None):
        _type, parameters = parse_header_parameters(media_type or self.media_type)
        request = (parser_context or {}).get("request")
        packed = request is not None and request.headers.get("Content-Encoding")
        charset = parameters.get("charset", self.charsets[0]).lower()
        if packed or charset not in self.charsets:
            raise UnsupportedMediaType(media_type, self.wanted)
        body = stream.read(self.most + 1)
        if len(body) > self.most:
            raise Refused(TOO_LARGE, status=413)
        return body


class StrictJSONParser(PlainParser):
    """UTF-8, each key once, no NaN, no half characters, not too deep, not too long."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        return read_json(super().parse(stream, media_type, parser_context))


class CSVParser(PlainParser):
    """A table, whose own bytes tell its encoding."""

    media_type = "text/csv"
    charsets = ("utf-8", "utf8", "utf-16")
    most = UPLOAD.bytes
    wanted = gettext_lazy("Send plain CSV in UTF-8, or in UTF-16 with its mark.")


class XLSXParser(PlainParser):
    """A workbook, which is packed by itself."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    most = UPLOAD.bytes
    wanted = gettext_lazy("Send the workbook as it is.")


class XLSParser(XLSXParser):
    """A workbook of former times."""

    media_type = "application/vnd.ms-excel"


class ODSParser(XLSXParser):
    """A workbook in the OpenDocument format."""

    media_type = "application/vnd.oasis.opendocument.spreadsheet"


TABLES = (CSVParser, XLSXParser, XLSParser, ODSParser)


def read_json(body):
    """The value of a JSON text in UTF-8; ParseError with what is wrong with it."""
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_unambiguous,
            parse_constant=_refuse_constant,
            parse_float=Decimal,
        )
    except UnicodeDecodeError as error:
        raise ParseError(
            _("Byte %d of the body is not UTF-8.") % (error.start + 1)
        ) from None
    except RecursionError:
        raise _too_deep() from None
    except ArithmeticError:
        message = _("The body has a number with an exponent that is out of bounds.")
        raise ParseError(message) from None
    except ValueError as error:
        raise ParseError(_("The body is not JSON: %s.") % error) from None
    _check(value)
    return value


def _too_deep():
    return ParseError(_("The body is nested more than %d deep.") % MAX_DEPTH)


def _unambiguous(pairs):
    found = {}
    for key, value in pairs:
        if key in found:
            raise ParseError(_("The body has the key “%s” twice.") % key[:80])
        found[key] = value
    return found


def _refuse_constant(name):
    raise ParseError(_("%s is no number in JSON.") % name)


def _check(value, depth=1):
    """Refuses text that no database stores, and lists of lists of lists."""
    if isinstance(value, str):
        if found := NO_TEXT.search(value):
            raise ParseError(
                _("The body has the character U+%04X, which no text has.")
                % ord(found[0])
            )
    elif isinstance(value, dict | list):
        if depth > MAX_DEPTH:
            raise _too_deep()
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        for item in inner:
            _check(item, depth + 1)
