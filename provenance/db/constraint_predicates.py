"""Conditions of constraints, answered for many rows in memory as the database would.

``CheckConstraint.validate()`` asks the database once for each record and constraint;
here a condition is made into a function of columns once. SQL has three answers: a
comparison with NULL is unknown, and a CHECK that is unknown holds.
"""

import operator
from functools import cache

from django.db.models import CheckConstraint, F, Q, UniqueConstraint

LOOKUPS = {
    "exact": operator.eq,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


class Columns(dict):
    """The columns of records in memory, each read when it is asked for."""

    def __init__(self, records):
        super().__init__()
        self.records = records

    def __missing__(self, name):
        self[name] = column = [getattr(record, name) for record in self.records]
        return column


@cache
def predicate(model, condition):
    """A function of columns by name, which answers for each row.

    True, False, or None where a NULL leaves it open. Raises NotImplementedError for
    what no constraint here is made of.
    """
    parts = [
        predicate(model, child) if isinstance(child, Q) else _comparison(model, *child)
        for child in condition.children
    ]
    joined = JOINS[condition.connector](parts)
    return _negated(joined) if condition.negated else joined


@cache
def names_in(model, condition):
    """The names of the fields that a condition looks at; of a bound, of its text."""
    names = set()
    for child in condition.children:
        if isinstance(child, Q):
            names |= names_in(model, child)
            continue
        path, value = child
        mentioned = [path.partition("__")[0]]
        mentioned += [value.name] if isinstance(value, F) else []
        names |= {getattr(_field(model, name), "of", name) for name in mentioned}
    return names


def _field(model, name):
    return model._meta.pk if name == "pk" else model._meta.get_field(name)


def _comparison(model, path, value):
    name, _mark, lookup = path.partition("__")
    ours, lookup = _field(model, name).attname, lookup or "exact"
    if lookup == "isnull" or (value is None and lookup == "exact"):
        wanted = value if lookup == "isnull" else True
        return lambda columns: [(one is None) is wanted for one in columns[ours]]
    if lookup not in LOOKUPS:
        raise NotImplementedError(path)
    compare = LOOKUPS[lookup]
    if isinstance(value, F):
        theirs = _field(model, value.name).attname
        return lambda columns: [
            None if one is None or other is None else compare(one, other)
            for one, other in zip(columns[ours], columns[theirs], strict=True)
        ]
    return lambda columns: [
        None if one is None else compare(one, value) for one in columns[ours]
    ]


def _negated(part):
    return lambda columns: [
        None if answer is None else not answer for answer in part(columns)
    ]


def _joined(parts, join):
    if len(parts) == 1:
        return parts[0]
    return lambda columns: [
        join(answers)
        for answers in zip(*(part(columns) for part in parts), strict=True)
    ]


def _all(answers):
    return False if False in answers else None if None in answers else True


def _any(answers):
    return True if True in answers else None if None in answers else False


def _one(answers):
    return None if None in answers else sum(answers) % 2 == 1


JOINS = {
    Q.AND: lambda parts: _joined(parts, _all),
    Q.OR: lambda parts: _joined(parts, _any),
    Q.XOR: lambda parts: _joined(parts, _one),
}


@cache
def checks_of(model):
    """The CHECKs of a model and of those that it extends, each with its function."""
    return [
        (constraint, predicate(model, constraint.condition))
        for owner in (*model._meta.all_parents, model)
        for constraint in owner._meta.constraints
        if isinstance(constraint, CheckConstraint)
    ]


@cache
def unique_in(model):
    """What must be unique: the table, the names, the condition, and what to say if not.

    Keys that the database allots are left out.
    """
    found = []
    for owner in (*model._meta.all_parents, model):
        for field in owner._meta.local_concrete_fields:
            if field.unique and not field.primary_key:
                names = (field.name,)
                found.append((owner, names, None, _taken(model, owner, names)))
        for constraint in owner._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                condition = constraint.condition and predicate(
                    model, constraint.condition
                )
                said = constraint.get_violation_error_message()
                found.append((owner, constraint.fields, condition, said))
    return found


def _taken(model, owner, names):
    return model().unique_error_message(owner, names)
