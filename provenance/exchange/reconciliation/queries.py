"""Reads what the service is asked, strictly: all that is wrong is said at once."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError

from ...api.parsing import read_json
from ...api.problems import Refused
from ...values.suggestions import close_to
from .kinds import no_such_property, reconciled_kinds

MAX_QUERIES = 50  # of a batch, as the manifest says
MAX_TEXT = 300
DEFAULT_CANDIDATES, MAX_CANDIDATES = 10, 50
MAX_PROPERTIES, MAX_VALUES = 20, 20
MAX_IDS = 500
STRICTNESS = ("any", "should", "all")


@dataclass(frozen=True)
class Query:
    """One name that a record is sought for, and what else is known of it."""

    text: str = ""
    kinds: tuple[str, ...] = ()  # type names; none: any kind
    limit: int = DEFAULT_CANDIDATES
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()  # each with its values

    def asks_for(self, kind):
        """Whether records of the kind of this type name may be candidates."""
        return not self.kinds or kind in self.kinds


@dataclass(frozen=True)
class Extension:
    """What is to be fetched: these properties of the records with these ids."""

    ids: tuple[str, ...]
    properties: tuple[str, ...]


class Reader:
    """Reads the JSON of one parameter, and gathers what is wrong with it."""

    def __init__(self, parameter, text):
        self.parameter, self.errors = parameter, []
        try:
            self.value = read_json(text.encode())
        except ParseError as error:
            raise self.refused([self.error("", error.detail)]) from None

    def error(self, pointer, message):
        """One thing that is wrong, at a place in the JSON (RFC 6901)."""
        return {
            "parameter": self.parameter,
            "pointer": pointer,
            "code": "invalid",
            "message": str(message),
        }

    def refused(self, errors, status=400):
        """The answer to a request in which this is wrong."""
        detail = _("The JSON of “%s” is not understood.") % self.parameter
        return Refused(detail, errors, status)

    def wrong(self, pointer, message):
        """Notes what is wrong."""
        self.errors.append(self.error(pointer, message))

    def members(self, value, pointer, *known):
        """The members of an object that has no others than these."""
        if not isinstance(value, dict):
            self.wrong(pointer, _("Write an object, in braces."))
            return {}
        for name in value.keys() - set(known):
            said = _("There is no such field%s") % (close_to(name, known) or ".")
            self.wrong(f"{pointer}/{name[:80]}", said)
        return value

    def items(self, value, pointer, most):
        """The items of a list that is no longer than this."""
        if not isinstance(value, list):
            self.wrong(pointer, _("Write a list, in brackets."))
            return []
        if len(value) > most:
            self.wrong(pointer, _("It is longer than %d items.") % most)
            return []
        return value

    def text(self, value, pointer):
        """A text that is not empty, and not too long to be a name."""
        if not isinstance(value, str) or not value.strip():
            self.wrong(pointer, _("Write a text, in quotation marks."))
        elif len(value) > MAX_TEXT:
            self.wrong(pointer, _("It is longer than %d characters.") % MAX_TEXT)
        else:
            return value.strip()
        return ""

    def property(self, value, pointer):
        """The name of a property that some kind has."""
        name = self.text(value, pointer)
        known = (kind.properties for kind in reconciled_kinds().values())
        if name and not any(name in properties for properties in known):
            self.wrong(pointer, no_such_property(name))
        return name

    def done(self, value):
        """The value, unless something is wrong."""
        if self.errors:
            raise self.refused(self.errors)
        return value


def read_queries(text):
    """The queries of a batch by their keys; Refused with all that is wrong."""
    reader = Reader("queries", text)
    batch = reader.value
    if isinstance(batch, dict) and len(batch) > MAX_QUERIES:
        said = _("Send at most %d queries at once.") % MAX_QUERIES
        raise reader.refused([reader.error("", said)], status=413)
    given = reader.members(batch, "", *(batch if isinstance(batch, dict) else ()))
    return reader.done(
        {key: _query(reader, value, f"/{key[:80]}") for key, value in given.items()}
    )


def _query(reader, value, at):
    before = len(reader.errors)
    known = ("query", "type", "limit", "properties", "type_strict")
    given = reader.members(value, at, *known)
    if (
        "query" not in given
        and not given.get("properties")
        and len(reader.errors) == before
    ):
        reader.wrong(at, _("Give a query, or properties."))
    text = reader.text(given["query"], f"{at}/query") if "query" in given else ""
    if given.get("type_strict", "any") not in STRICTNESS:
        said = _("It can be one of %s.") % ", ".join(STRICTNESS)
        reader.wrong(f"{at}/type_strict", said)
    return Query(
        text,
        _kinds(reader, given, f"{at}/type"),
        _limit(reader, given.get("limit", DEFAULT_CANDIDATES), f"{at}/limit"),
        tuple(
            _property(reader, each, f"{at}/properties/{place}")
            for place, each in enumerate(
                reader.items(
                    given.get("properties", []), f"{at}/properties", MAX_PROPERTIES
                )
            )
        ),
    )


def _kinds(reader, given, at):
    types = given.get("type", [])
    types = [types] if isinstance(types, str) else types
    known = reconciled_kinds()
    for name in reader.items(types, at, len(known)):
        if not isinstance(name, str) or name not in known:
            said = _("There is no type “%(name)s”; choose one of: %(names)s.")
            names = {"name": str(name)[:80], "names": ", ".join(known)}
            reader.wrong(at, said % names)
    return () if reader.errors else tuple(types)


def _limit(reader, value, at):
    if type(value) is not int or value < 1:
        reader.wrong(at, _("Write a whole number from 1."))
        return DEFAULT_CANDIDATES
    return min(value, MAX_CANDIDATES)  # it is a limit: fewer are never wrong


def _property(reader, value, at):
    given = reader.members(value, at, "pid", "v")
    name = reader.property(given.get("pid"), f"{at}/pid")
    values = given.get("v")
    values = values if isinstance(values, list) else [values]
    return name, tuple(
        _property_value(reader, each, f"{at}/v")
        for each in reader.items(values, f"{at}/v", MAX_VALUES)
    )


def _property_value(reader, value, at):
    """A value as a text: of another entity its identifier, of a number its digits."""
    if isinstance(value, dict):
        value = value.get("id")
    if isinstance(value, bool | int | Decimal):
        value = str(value).lower()
    return reader.text(value, at)


def read_extension(text):
    """What is to be fetched; Refused with all that is wrong."""
    reader = Reader("extend", text)
    given = reader.members(reader.value, "", "ids", "properties")
    ids = [
        reader.text(each, f"/ids/{place}")
        for place, each in enumerate(reader.items(given.get("ids"), "/ids", MAX_IDS))
    ]
    asked = reader.items(given.get("properties"), "/properties", MAX_PROPERTIES)
    names = []
    for place, each in enumerate(asked):
        at = f"/properties/{place}"
        members = reader.members(each, at, "id", "settings")
        names.append(reader.property(members.get("id"), f"{at}/id"))
    return reader.done(
        Extension(tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(names)))
    )
