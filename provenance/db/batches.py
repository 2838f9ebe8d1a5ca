"""Splits many keys or rows into as many as one statement takes."""

import json
from itertools import islice

from django.core.exceptions import EmptyResultSet
from django.db.models import Expression

AT_ONCE = 1000  # a database takes so many parameters, and memory stays flat
WITH_ROWS = 250  # records that come with their rows and citations


def batches(items, at_once=AT_ONCE):
    """The items in lists of at most a thousand, or so many, in their order."""
    rest = iter(items)
    while batch := list(islice(rest, at_once)):
        yield batch


class Among(Expression):
    """Some numbers, or some texts, for a query to look among: one parameter for all.

    With a parameter for each, Django spends more on a query than the database does.
    It brings its own operator: what PostgreSQL unnests for ``IN`` is joined to rows,
    and where it has not counted these yet, each value is compared with each row.
    """

    IS_ONE_OF = {
        "sqlite": "IN (SELECT value FROM json_each(%s))",
        "postgresql": "= ANY(%s::{kind}[])",
    }

    def __init__(self, values):
        super().__init__()
        self.values = list(values)
        self.is_text = bool(self.values) and isinstance(self.values[0], str)

    def as_sql(self, compiler, connection):
        kind = "text" if self.is_text else "bigint"
        sql = self.IS_ONE_OF[connection.vendor].format(kind=kind)
        return sql, (self.packed(connection),)

    def packed(self, connection):
        """The values as this database unpacks them; EmptyResultSet if there are none.

        Of none it is not known whether they would be numbers or texts.
        """
        if not self.values:
            raise EmptyResultSet
        return json.dumps(self.values) if connection.vendor == "sqlite" else self.values


def filtered(rows, **among):
    """Those of the rows in which one column is among these values, however many.

    The values are numbers or texts.
    """
    ((column, values),) = among.items()
    values = [getattr(value, "pk", value) for value in values]
    for batch in batches(values):
        yield from rows.filter(**{f"{column}__in": Among(batch)})
