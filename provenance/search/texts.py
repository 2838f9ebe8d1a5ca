"""The texts in which words of a record may be: its own, and those of others."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from ..values.grounds import PUBLISHED
from .index import found_in, holding, indexed


@dataclass(frozen=True)
class Texts:
    """The own text of each record, or texts of others that it is found by.

    ``holding`` makes of words the condition that one of them has all words, and its
    parameters. It is said of the table with the record's own text.
    """

    model: type  # of which the texts are
    holding: Callable
    has_several: bool = False  # texts of one record, each of which may have some words

    def conditions(self, readings):
        """That all of the words are in them."""
        together = [[one] for one in readings] if self.has_several else [readings]
        return map(self.holding, together)


def with_text(model):
    """The model whose table has the text: of a kind of event, the event."""
    (found,) = indexed([model, *model._meta.all_parents])
    return found


def texts_of(model):
    """The record itself, its rows that are searched as well, and the records that it is
    found by; of those that it has many of, the published ones by what they are called.
    """
    key = with_text(model)._meta.pk.column
    (own, _found), *rows = _called(model, model.searched_rows)
    yield Texts(own, partial(holding, own))
    for kind, found in rows:
        yield Texts(kind, partial(_among, key, found), has_several=True)
    for link in map(model._meta.get_field, model.searched_related):
        related = link.related_model
        if not link.many_to_many:
            among = partial(_among, link.column, partial(found_in, related))
            yield Texts(related, among)
            continue
        for kind, found in _called(related, related.named_by):
            through = partial(_found_through, link, found)
            yield Texts(kind, partial(_among, key, through), has_several=True)


def _called(model, names):
    """The models of which the texts of records are: their own, and of rows of theirs;
    each with what makes of words the statement that finds the records.
    """
    own = with_text(model)
    yield own, partial(found_in, own)
    for link in map(model.link_of, names):
        yield link.model, partial(found_in, link.model, shown=link.column)


def _among(column, found, readings):
    statement, values = found(readings)
    return f"{column} IN ({statement})", values


def _found_through(link, found, readings):
    """The records that lead to published ones that are found."""
    statement, values = found(readings)
    rows, related = link.remote_field.through, link.related_model._meta
    columns = (link.m2m_field_name(), link.m2m_reverse_field_name())
    here, there = (rows._meta.get_field(name).column for name in columns)
    public = (
        f"SELECT {related.pk.column} FROM {related.db_table} "  # noqa: S608  our names
        f"WHERE status = %s AND {related.pk.column} IN ({statement})"
    )
    through = f"SELECT {here} FROM {rows._meta.db_table} WHERE {there} IN ({public})"  # noqa: S608  our names
    return through, [PUBLISHED, *values]


def found_where(model, conditions):
    """The statement that finds the keys of the rows for which all of these hold."""
    table, key = model._meta.db_table, model._meta.pk.column
    holds = " AND ".join(condition for condition, _values in conditions)
    found = f"SELECT {key} AS pk FROM {table} WHERE {holds}"  # noqa: S608  our names
    return found, values_of(conditions)


def any_of(conditions):
    """The condition that any of these holds."""
    holds = " OR ".join(condition for condition, _values in conditions)
    return f"({holds})", values_of(conditions)


def either(found):
    """The statement that finds what any of these find."""
    return " UNION ALL ".join(statement for statement, _v in found), values_of(found)


def values_of(several):
    """The parameters of all of these."""
    return [value for _sql, values in several for value in values]
