"""Records as JSON, put together by the database: the same bytes as by the serializer.

What a record shows is declared once, by the fields of its serializer; ``json_members``
has how the database writes each kind of field. The statement is compiled once for each
serializer and choice of fields. What a source states is compared with what is recorded
by Python: the database leaves a gap for the answer, which is filled in.
"""

import json
import re
from functools import lru_cache, partial

from django.db import connection
from django.db.models import Case, When
from rest_framework.renderers import JSONRenderer

from ..history.kept_texts import KeptTexts
from ..models import Record
from ..resources.columns import TEXT, recorded
from ..resources.export_queries import Keys, compiled
from ..values.contradiction import Standing
from ..values.stated_values import agreement_with
from .json_members import OnlyInPython, json_of
from .json_pieces import STANDING, UNWRITTEN, Literal, Root, object_of

PUBLISHED = Record.Status.PUBLISHED
NOT_PUBLIC = ""  # what is written of a record that is withdrawn just now
GAP = re.compile(f"{STANDING}([0-9]+){STANDING}")


@lru_cache(maxsize=500)
def _statement(serializer_class, names, time, _vendor):
    """The statement that writes these members of records, and its parameters."""
    serializer = serializer_class(
        context={
            "everything": False,
            "fields": names,
            "time": time,
            "holds": bool(time),
            "single": False,
        }
    )
    model = serializer.Meta.model
    members = {f.field_name: json_of(f, serializer) for f in serializer.shown()}
    made = object_of(members, model)
    # Not in the condition: a database might go through all that is published.
    needed = {f"{path}__status": PUBLISHED for path in model.public_through}
    seen = When(status=PUBLISHED, **needed, then=made)
    made = Case(seen, default=Literal(NOT_PUBLIC), **TEXT)
    rows = model.objects.order_by().filter(pk__in=Keys(model._meta.pk))
    return compiled(rows.values_list("pk", made))


@lru_cache(maxsize=500)
def _comparison(model, _vendor):
    """The statement that reads what citations state, and what is recorded of that."""
    citations = model.citation_model()
    rows = citations.objects.order_by().filter(pk__in=Keys(citations._meta.pk))
    now = recorded(citations, model, public=True)
    return compiled(rows.values_list("pk", "field", "stated", now))


def _asked_of(serializer):
    """What the statement of a serializer depends on."""
    return (
        type(serializer),
        tuple(serializer.asked("fields")),
        serializer.asked("time"),
        connection.vendor,
    )


def _texts_of(serializer, keys):
    """The JSON of these records by key, with a sign in what is left to Python.

    What is not public is left out. Raises OnlyInPython if all are left to it.
    """
    statement = _statement(*_asked_of(serializer))
    texts = texts_of_keys(statement, keys, serializer.context["root"])
    texts = {key: text for key, text in texts.items() if text != NOT_PUBLIC}
    return with_standings(serializer.Meta.model, texts)


def texts_of_keys(statement, keys, root):
    """What a statement writes of each of these keys, under this address."""
    sql, values = statement
    values = [root if value is Root else value for value in Keys.put_into(values, keys)]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return dict(cursor.fetchall())


def _standings(model, numbers):
    """How each of these citations stands to what is recorded."""
    sql, values = _comparison(model, connection.vendor)
    with connection.cursor() as cursor:
        cursor.execute(sql, Keys.put_into(values, numbers))
        return {
            number: agreement_with(model, field, now, says)
            for number, field, says, now in cursor.fetchall()
        }


def with_standings(model, texts):
    """The texts, with how what is stated in them stands to what is recorded."""
    stated = {key: text for key, text in texts.items() if STANDING in text}
    if not stated:
        return texts
    numbers = {int(n) for text in stated.values() for n in GAP.findall(text)}
    # One that somebody deletes at this moment states nothing any more.
    standings = dict.fromkeys(numbers, Standing.AGREES)
    standings |= _standings(model, sorted(numbers))

    def filled(gap):
        return f'"{standings[int(gap[1])]}"'

    return texts | {key: GAP.sub(filled, text) for key, text in stated.items()}


class Fragments(list):
    """Values of an answer that are JSON in bytes already."""

    def objects(self):
        """What each of them says."""
        return [json.loads(each) for each in self]


def in_bytes(text):
    """A fragment as it is sent."""
    # Line ends in JavaScript that are none in JSON: JSONRenderer escapes them.
    for sign, escaped in (("\u2028", r"\u2028"), ("\u2029", r"\u2029")):
        if sign in text:
            text = text.replace(sign, escaped)
    return text.encode()


def fragments_of(serializer, records, keys):
    """Those of the records that are public as JSON, in the order of their keys.

    The records are called for if something of them is left to Python.
    """
    keys = list(keys)
    return _in_order(_fragments_by_key(serializer, records, keys), keys)


KEPT = KeptTexts(most_bytes=32 * 2**20)


def kept_fragments_of(serializer, records, keys, edition):
    """The same; what was asked for before in this edition is not written again."""
    keys = list(keys)
    asked = (*_asked_of(serializer), serializer.context["root"])
    write = partial(_fragments_by_key, serializer, records)
    return _in_order(KEPT.of(edition, asked, keys, write), keys)


def _in_order(fragments, keys):
    return Fragments(fragments[key] for key in keys if key in fragments)


def _fragments_by_key(serializer, records, keys):
    """Those of the records that are public as JSON, by key."""
    try:
        texts = _texts_of(serializer, keys) if keys else {}
        left = [key for key, text in texts.items() if UNWRITTEN in text]
    except OnlyInPython:
        texts, left = {}, keys
    fragments = {key: in_bytes(text) for key, text in texts.items()}
    if left:
        prepared = list(serializer.prepared(records().filter(pk__in=left)))
        render = JSONRenderer().render
        for record, shown in zip(prepared, serializer.shown_of(prepared), strict=True):
            fragments[record.pk] = render(shown)
    return fragments


class FragmentRenderer(JSONRenderer):
    """JSON whose results may be fragments: they are handed on as they are."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        """The answer in bytes."""
        results = data.get("results") if isinstance(data, dict) else None
        if not isinstance(results, Fragments):
            return super().render(data, accepted_media_type, renderer_context)
        if self.get_indent(accepted_media_type or "", renderer_context or {}):
            data = {**data, "results": results.objects()}
            return super().render(data, accepted_media_type, renderer_context)
        around = super().render({**data, "results": []})
        return around.removesuffix(b"]}") + b",".join(results) + b"]}"
