"""How long something may have lasted, as a class: what an index of intervals goes by.

What holds on a day began on it or before, and how much before is bounded by how long
it lasts. So each class of lengths has a stretch of an index by its first day to itself,
in which few have ended before that day.
"""

from datetime import date, timedelta

from django.db.models import Func, IntegerField

# Days, each class up to so many; behind them what lasts longer, or nobody knows how
# long. An index is made of these: other numbers want a migration.
LENGTHS = (0, 1, 7, 31, 92, 183, 366, 731, 1_461, 2_922, 5_844, 14_610)


class LengthClass(Func):
    """The class of the days between two columns: the number of the first in LENGTHS
    that is not shorter.
    """

    output_field = IntegerField()
    arity = 2
    DAYS = {
        "sqlite": "(julianday({last}) - julianday({first}))",
        "postgresql": "({last} - {first})",
    }

    def as_sql(self, compiler, connection, **context):
        first, last = (compiler.compile(each)[0] for each in self.source_expressions)
        days = self.DAYS[connection.vendor].format(first=first, last=last)
        cases = " ".join(
            f"WHEN {days} <= {most} THEN {number}"
            for number, most in enumerate(LENGTHS)
        )
        return f"CASE {cases} ELSE {len(LENGTHS)} END", []


def earliest_starts(first):
    """For each class the first day on which what holds on that day or later can have
    begun, as far as its length tells.
    """
    for number, days in enumerate(LENGTHS):
        reach = min(days, (first - date.min).days)
        yield number, first - timedelta(days=reach)
    yield len(LENGTHS), date.min
