"""What is about records of every kind, as JSON that is put together by the database.

Citations and disputes are one list, and in a table for each kind of record. They are
the same bytes as by the serializer.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db import connection
from django.db.models import Expression, F, Value
from rest_framework.renderers import JSONRenderer

from ..db.keyset import Keyset, Stretch
from ..registry.kinds import cited_types
from ..resources.columns import WholeNumber
from ..resources.export_queries import Keys, compiled
from .json_members import OnlyInPython, json_of, reference_at
from .json_pieces import Joined, Literal, Root, object_of
from .json_queries import Fragments, in_bytes, texts_of_keys, with_standings

BY_ID = Keyset(("id",))


def _itself(model):
    return model


@dataclass(frozen=True, eq=False)
class RowsByKind:
    """A list of what is about records of every kind, as strangers see it, and others.

    Strangers read it from the database, and who sees everything as it is one by one.
    """

    collection: str
    seen: Callable  # the rows about one kind of record, all or what is public
    whole: Callable  # these rows, with all that is shown of them
    # As which kind of record the one is shown that they are about.
    shown_as: Callable = _itself
    # What the database writes otherwise than the fields of a serializer say.
    members: dict[str, Expression] = field(default_factory=dict)

    def stretch(self, name, rows):
        """These rows about a kind of record, as a part of the list."""
        rows = rows.annotate(about=Value(name)).values_list("id", "about", named=True)
        return Stretch(name, rows, BY_ID)

    def as_json(self, serializer_for, rows, whole_kinds=()):
        """The rows of such stretches as somebody sees them, in their order.

        Of what is about the kinds of these names everything is shown, of the rest what
        is public. ``serializer_for`` makes the serializer for either.
        """
        keys, texts = defaultdict(list), {}
        for row in rows:
            keys[row.about].append(row.id)
        for name, of_kind in keys.items():
            everything = name in whole_kinds
            write = self.texts_by_serializer if everything else self.texts_of
            found = write(serializer_for(everything), name, of_kind)
            texts |= {(name, key): in_bytes(text) for key, text in found.items()}
        places = ((row.about, row.id) for row in rows)
        return Fragments(texts[place] for place in places if place in texts)

    def texts_of(self, serializer, name, keys):
        """What is public about one kind of record, by key."""
        try:
            statement = _statement(self, type(serializer), name, connection.vendor)
        except OnlyInPython:  # as what such a record is called
            return self.texts_by_serializer(serializer, name, keys)
        texts = texts_of_keys(statement, keys, serializer.context["root"])
        return with_standings(cited_types()[name], texts)

    def texts_by_serializer(self, serializer, name, keys):
        """What is about one kind of record, by key, as its serializer shows it."""
        model, render = cited_types()[name], JSONRenderer().render
        everything = serializer.context["everything"]
        rows = self.seen(model, everything).filter(pk__in=keys)
        rows = self.whole(rows, model, everything)
        return {
            row.pk: render(serializer.to_representation(row)).decode() for row in rows
        }


@lru_cache(maxsize=100)
def _statement(listed, serializer_class, name, _vendor):
    """The statement that writes what is public about one kind of record."""
    model = cited_types()[name]
    serializer = serializer_class(context={"everything": False, "single": False})
    key = Joined(Literal(f"{name}-"), WholeNumber(F("pk")))
    known = {
        "key": Joined(Literal('"'), key, Literal('"')),
        "self": Joined(
            Literal('"'), Root(), Literal(f"{listed.collection}/"), key, Literal('/"')
        ),
        "type": Literal(f'"{name}"'),
        "record": reference_at(listed.shown_as(model), "record__"),
        **listed.members,
    }
    members = {
        member: known.get(member) or json_of(shown, serializer)
        for member, shown in serializer.fields.items()
    }
    rows = listed.seen(model, everything=False).order_by()
    rows = rows.filter(pk__in=Keys(rows.model._meta.pk))
    return compiled(rows.values_list("pk", object_of(members, rows.model)))
