"""The keys of the records that words are found in, where these are few."""

from itertools import chain

from django.db import connection

from ..db.few import FEW
from ..values.grounds import PUBLISHED
from .index import found_in, indexed


def few_hits(model, readings):
    """The keys of the records in which all of the words are found, drafts included.

    None if they are many.
    """
    keys, are_all = some_hits(model, readings)
    return keys if are_all else None


def some_hits(model, readings):
    """Some of the same keys, and whether they are all.

    A word is in the record, in one of its rows that are searched as well, or in a
    record that it is found by.
    """
    if not model.searched_rows and not model.searched_related:
        statement, values = found_in(_with_text(model), readings)
    else:
        (first, values), *others = (_found_by(model, one) for one in readings)
        # With a plus it is no way to find one: FTS5 looks slowly for a single row.
        among = (f" AND +pk IN ({found})" for found, _sought in others)
        statement = f"SELECT pk FROM ({first}) AS found WHERE 1 = 1{''.join(among)}"  # noqa: S608  our names
        values = [*values, *(word for _found, sought in others for word in sought)]
    with connection.cursor() as cursor:
        cursor.execute(f"{statement} LIMIT {FEW + 1}", values)
        keys = [key for (key,) in cursor]
    return set(keys), len(keys) <= FEW


def _with_text(model):
    """The model whose table has the text: of a kind of event, the event."""
    (found,) = indexed([model, *model._meta.all_parents])
    return found


def _found_by(model, reading):
    """The statement that finds a word in a record and all around it, and its values."""
    meta = model._meta
    ways = [
        found_in(_with_text(model), [reading]),
        *_in_rows(model, model.searched_rows, reading),
    ]
    for name in model.searched_related:
        link = meta.get_field(name)
        if link.many_to_many:
            named = _union(_called(link.related_model, reading))
            rows = link.remote_field.through
            columns = (link.m2m_field_name(), link.m2m_reverse_field_name())
            ends = map(rows._meta.get_field, columns)
            ways.append(_named_by(rows, *ends, _published(link.related_model, named)))
        else:
            named = found_in(link.related_model, [reading])
            ways.append(_named_by(model, meta.pk, link, named))
    return _union(ways)


def _called(model, reading):
    """The statements that find a word in records, or in what else they are called."""
    yield found_in(_with_text(model), [reading])
    yield from _in_rows(model, model.named_by, reading)


def _in_rows(model, names, reading):
    """The statements that find a word in the rows of these names, for their records."""
    for link in map(model.link_of, names):
        rows = link.model
        yield _named_by(rows, link, rows._meta.pk, found_in(rows, [reading]))


def _union(ways):
    """All that several statements find, and their values."""
    statements, values = zip(*ways, strict=True)
    return " UNION ALL ".join(statements), list(chain.from_iterable(values))


def _published(model, found):
    """Those of the records whose keys are found that are published."""
    statement, values = found
    table, key = model._meta.db_table, model._meta.pk.column
    public = f"SELECT {key} AS pk FROM {table} WHERE status = %s AND {key} IN (%s)"  # noqa: S608  our names
    return public % ("%s", statement), [PUBLISHED, *values]


def _named_by(model, shown, asked, found):
    """One column of the rows of which another is among the keys that are found."""
    statement, values = found
    table, shown, asked = map(
        connection.ops.quote_name, (model._meta.db_table, shown.column, asked.column)
    )
    named = f"SELECT {shown} AS pk FROM {table} WHERE {asked} IN ({statement})"  # noqa: S608  our names
    return named, values
