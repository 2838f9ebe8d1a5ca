"""Conditions of constraints, answered for a record in memory as the database would.

``CheckConstraint.validate()`` asks the database once for each record and constraint;
here a condition is made into a function once. SQL has three answers: a comparison with
NULL is unknown, and a CHECK that is unknown holds.
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
    "endswith": str.endswith,
}


@cache
def predicate(condition):
    """A function of a record: True, False, or None where a NULL leaves it open.

    Raises NotImplementedError for what no constraint here is made of.
    """
    if isinstance(condition, tuple):
        return _comparison(*condition)
    if not isinstance(condition, Q):
        raise NotImplementedError(condition)
    parts = [predicate(child) for child in condition.children]
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
        for name in mentioned:
            names.add(getattr(model._meta.get_field(name), "of", name))
    return names


def _comparison(path, value):
    name, _mark, lookup = path.partition("__")
    if lookup == "isnull" or (value is None and lookup in ("", "exact")):
        wanted = value if lookup == "isnull" else True
        return lambda record: (_value(record, name) is None) is wanted
    compare = LOOKUPS.get(lookup or "exact")
    if compare is None:
        raise NotImplementedError(path)
    other = value.name if isinstance(value, F) else None

    def holds(record):
        ours = _value(record, name)
        theirs = value if other is None else _value(record, other)
        return None if ours is None or theirs is None else compare(ours, theirs)

    return holds


def _value(record, name):
    """What stands in a column; of a relation, the key."""
    if name in ("pk", "id"):
        return record.pk
    return getattr(record, record._meta.get_field(name).attname)


def _negated(part):
    def holds(record):
        answer = part(record)
        return None if answer is None else not answer

    return holds


def _all(parts):
    def holds(record):
        answers = [part(record) for part in parts]
        return False if False in answers else None if None in answers else True

    return holds


def _any(parts):
    def holds(record):
        answers = [part(record) for part in parts]
        return True if True in answers else None if None in answers else False

    return holds


def _one(parts):
    def holds(record):
        answers = [part(record) for part in parts]
        return None if None in answers else sum(answers) % 2 == 1

    return holds


JOINS = {Q.AND: _all, Q.OR: _any, Q.XOR: _one}


@cache
def checks_of(model):
    """The CHECKs of a model and of those that it extends, each with its function."""
    return [
        (constraint, predicate(constraint.condition))
        for owner in (*model._meta.all_parents, model)
        for constraint in owner._meta.constraints
        if isinstance(constraint, CheckConstraint)
    ]


@cache
def unique_in(model):
    """What must be unique: the table, the columns, the condition, and the sentence.

    The sentence is a function of the record. Keys that the database allots are left
    out.
    """
    found = []
    for owner in (*model._meta.all_parents, model):
        for field in owner._meta.local_concrete_fields:
            if field.unique and not field.primary_key:
                names = (field.name,)
                found.append((owner, names, None, _taken(owner, names)))
        for constraint in owner._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                condition = constraint.condition and predicate(constraint.condition)
                said = constraint.get_violation_error_message
                found.append((owner, constraint.fields, condition, _said(said)))
    return found


def _taken(owner, names):
    return lambda record: record.unique_error_message(owner, names)


def _said(message):
    return lambda record: message()
