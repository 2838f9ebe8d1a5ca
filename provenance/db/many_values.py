"""Comparison with many values at once: one parameter for all of them.

Django writes a parameter for each, and where it fetches foreign keys ahead on SQLite a
comparison for each, joined by OR. SQLite nests a thousand of these and takes 250,000
parameters (https://www.sqlite.org/limits.html), so that a list of a length which nobody
foresaw ends in an error. Here whatever is compared with more than a few numbers, or
texts, unpacks them from one parameter, on every path: filters, fetches ahead,
``in_bulk``, deletes.
"""

from django.db.models import Field, ForeignObject
from django.db.models.fields import related_lookups, tuple_lookups
from django.db.models.lookups import In

from .batches import Among

FEW = 100  # a list of so many is planned for as it is


class Packed:
    """An ``IN`` that unpacks its values from one parameter if they are many."""

    def process_rhs(self, compiler, connection):
        if among := self._among():
            return compiler.compile(among)
        return super().process_rhs(compiler, connection)

    def get_rhs_op(self, connection, rhs):
        # What is not in parentheses brings its own operator.
        return super().get_rhs_op(connection, rhs) if rhs.startswith("(") else rhs

    def _among(self):
        """The values as one parameter, if they are many or came as such."""
        if isinstance(self.rhs, Among):
            return self.rhs
        if self.rhs_is_direct_value() and len(self.rhs) > FEW:
            # Prepared by now; to hand each on by itself takes Django far longer.
            kinds = {type(value) for value in self.rhs} - {type(None)}
            if kinds in ({int}, {str}):
                return Among(dict.fromkeys(v for v in self.rhs if v is not None))
        return None


@Field.register_lookup
class PackedIn(Packed, In):
    """The one of plain columns."""


@ForeignObject.register_lookup
class PackedRelatedIn(Packed, related_lookups.RelatedIn):
    """The one of foreign keys, which may be compared with records."""


def of_one_column(lookup, compiler, connection):
    """``(a) IN ((1), (2))`` as ``a IN (1, 2)``."""
    if not lookup.rhs_is_direct_value() or len(lookup.lhs) > 1:
        return lookup.as_sql(compiler, connection)
    (column,) = lookup.lhs.get_cols()
    return compiler.compile(PackedIn(column, [value for (value,) in lookup.rhs]))


def register():
    """Lets Django's fetches ahead compare so too, which ask for no registered lookup.

    A compiler takes what a database has of its own before ``as_sql``.
    """
    for vendor in Among.IS_ONE_OF:
        setattr(tuple_lookups.TupleIn, f"as_{vendor}", of_one_column)
