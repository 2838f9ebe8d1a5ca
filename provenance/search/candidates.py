"""Finds, for each of many texts at once, the published records that it may name.

A text is what somebody else calls something: in other words, in another order, with a
slip or a title too many. So a record is found that has all of its words, or two of the
longest; how like the two are is for others to say. However many texts there are, each
table is asked once.
"""

import json
from itertools import combinations

from django.db import connection

from ..values.folding import fold
from ..values.words import MAX_TERM, MAX_TERMS, Reading
from .index import index_of, vector_of
from .name_words import SMALL
from .vocabulary import KnownWord

MOST_EACH = 20  # records for one text in one way of finding them
MOST_PAIRED = 5  # words of which any two are enough

# Each text is looked for by itself, so that none takes the place of another. What is
# looked for is the first column of ``sought``, and what is found of it an array.
EACH = {
    "sqlite": "SELECT key, (SELECT json_group_array(pk) FROM ({found})) "
    "FROM json_each(%s) AS sought",
    "postgresql": "SELECT key - 1, ARRAY({found}) "
    "FROM unnest(%s::text[]) WITH ORDINALITY AS sought(value, key)",
}


def candidates_of(models, texts):
    """For each model, and in it for each text, the keys of the records it may name.

    No more than some hundred of each; which of more is left to the database.
    """
    words = [_words_of(text) for text in texts]
    meant = KnownWord.meant_by_each({word for several in words for word in several})
    sought = [
        (place, wanted)
        for place, several in enumerate(words)
        for wanted in _wanted([Reading(w, (w, *meant[w])) for w in several])
    ]
    return {model: _found(model, sought, len(texts)) for model in models}


def _words_of(text):
    """The words of a text by which it is looked for, each once."""
    every = dict.fromkeys(word[:MAX_TERM] for word in fold(text).split())
    telling = [word for word in every if len(word) > 1 and word not in SMALL]
    telling = telling or list(every)
    return sorted(telling, key=len, reverse=True)[:MAX_TERMS]


def _wanted(readings):
    """What must be found in a record: all of the words, or two of them."""
    if readings:
        yield _both(readings)
    if len(readings) > 2:
        yield _either(map(_both, combinations(readings[:MOST_PAIRED], 2)))


def _both(readings):
    if connection.vendor == "sqlite":
        return " AND ".join(f"({one.for_sqlite})" for one in readings)
    return " & ".join(f"({one.for_postgresql})" for one in readings)


def _either(conditions):
    mark = " OR " if connection.vendor == "sqlite" else " | "
    return mark.join(f"({condition})" for condition in conditions)


def _found(model, sought, number):
    """The keys of the records of a model that are found for each of the texts."""
    found = [set() for _text in range(number)]
    if not sought:
        return found
    asked = [wanted for _place, wanted in sought]
    with connection.cursor() as cursor:
        for statement in _statements(model):
            is_sqlite = connection.vendor == "sqlite"
            cursor.execute(statement, [json.dumps(asked) if is_sqlite else asked])
            for each, keys in cursor.fetchall():
                place, _wanted = sought[each]
                found[place].update(json.loads(keys) if is_sqlite else keys)
    return found


def _statements(model):
    """For the table of the records, and each of those of their names, the statement
    that finds in it.
    """
    yield _statement(model, model, model._meta.pk.column)
    for link in map(model.link_of, model.named_by):
        yield _statement(model, link.model, link.column)


def _statement(model, table, column):
    """The statement that finds published records by the text in one table, of which a
    column says whose text it is.

    SQLite looks up row by row what the index of words finds: for a join it would read
    one of the tables as a whole before.
    """
    named = table._meta.db_table
    if connection.vendor == "sqlite":
        rows, holds = index_of(named), f"{index_of(named)} MATCH sought.value"
        key = f"SELECT {column} FROM {named} AS named WHERE named.id = {rows}.rowid"  # noqa: S608  our names
        key = f"({key})" if table is not model else f"{rows}.rowid"
    else:
        rows, key = f"{named} AS named", f"named.{column}"
        holds = f"{vector_of('named.search_text')} @@ sought.value::tsquery"
    records = model._meta.db_table
    status = f"SELECT status FROM {records} AS record WHERE record.id = {key}"  # noqa: S608  our names
    found = (
        f"SELECT DISTINCT {key} AS pk FROM {rows} WHERE {holds} "  # noqa: S608  our names
        f"AND ({status}) = '{model.Status.PUBLISHED}' LIMIT {MOST_EACH}"
    )
    return EACH[connection.vendor].format(found=found)
