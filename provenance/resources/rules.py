"""The rules of a model, held against many rows at once, given as columns by name."""

from collections import defaultdict
from functools import cached_property

from django.core.exceptions import ValidationError

from ..db.batches import Among
from ..db.constraint_predicates import checks_of, names_in, unique_in
from ..tables import Fault, shown, suspicions
from ..values.bounds import Bound
from ..values.text import Line, Prose


class Row:
    """One row of columns, as a record in memory that has its values."""

    __slots__ = ("columns", "place")

    def __init__(self, columns, place):
        self.columns, self.place = columns, place

    def __getattr__(self, name):
        return self.columns[name][self.place]

    @property
    def pk(self):
        return self.columns["id"][self.place]


class Rows:
    """Rows of columns in some places; each is there only while it is looked at."""

    def __init__(self, columns, places):
        self.columns, self.places = columns, places

    def __len__(self):
        return len(self.places)

    def __iter__(self):
        return (Row(self.columns, place) for place in self.places)


class Rules:
    """What the rows of a model have to keep, and what of them looks doubtful.

    ``key`` are the names by which rows on record have been looked up already.
    """

    def __init__(self, model, key=()):
        self.model, self.key = model, set(key)
        self.bounds = [f for f in model._meta.concrete_fields if isinstance(f, Bound)]

    def broken(self, columns, number, wrong, nothing_under=""):
        """Yields the places of rows that break a rule, each with what it breaks.

        ``wrong`` has by place the names of cells that are wrong in themselves: no rule
        that looks at one is held against such a row. ``nothing_under`` names a column
        whose values in these rows no row on record has.
        """
        yield from self._broken_checks(columns, wrong)
        right = [place for place in range(number) if not wrong.get(place)]
        for row, error in self.model.clean_many(Rows(columns, right)):
            yield row.place, error
        for place, error in self._taken(columns, number, nothing_under):
            if not wrong.get(place):
                yield place, error

    def _broken_checks(self, columns, wrong):
        for constraint, holds in checks_of(self.model):
            answers = holds(columns)
            if False not in answers:
                continue
            names = names_in(self.model, constraint.condition)
            message = constraint.get_violation_error_message()
            for place, answer in enumerate(answers):
                if answer is False and names.isdisjoint(wrong.get(place, ())):
                    said = self._with_cells(message, names, columns, place)
                    yield place, ValidationError(said, constraint.violation_error_code)

    def _with_cells(self, message, names, columns, place):
        """The message with the cells that it is about."""
        cells = [
            f"{field.name} “{shown(str(value))}”"
            for field in self.model._meta.concrete_fields
            if field.name in names
            and not field.is_relation
            and (value := columns[field.name][place]) not in field.empty_values
        ]
        if not cells:
            return message
        return f"{str(message).removesuffix('.')} ({', '.join(cells)})."

    def _taken(self, columns, number, nothing_under):
        """The rows that have what only one may have, with what it is."""
        for owner, names, condition, said in unique_in(self.model):
            if owner is self.model and set(names) == self.key:
                continue
            attnames = [owner._meta.get_field(name).attname for name in names]
            concerned = condition(columns) if condition else [True] * number
            holders = defaultdict(list)
            values = zip(*(columns[name] for name in attnames), strict=True)
            for place, value in enumerate(values):
                if concerned[place] and None not in value:
                    holders[value].append(place)
            if not holders:
                continue
            nothing = owner is self.model and nothing_under in names
            taken = {} if nothing else _holders(owner, attnames, holders)
            keys = columns[self.model._meta.pk.attname]
            for value, several in holders.items():
                if len(several) == 1 and value not in taken:
                    continue
                others = set(taken.get(value, ())) - {keys[place] for place in several}
                if others or len(several) > 1:
                    error = ValidationError(said)
                    if len(names) == 1 and condition is None:
                        error = ValidationError({names[0]: error})
                    yield several[-1], error

    # what is right, and yet looks as if it were not

    def doubts(self, lines, columns):
        """Warnings of texts that may not say what was meant."""
        for name in self._texts:
            column = columns[name]
            if "".join(column).isascii():
                continue
            for line, text in zip(lines, column, strict=True):
                for said in suspicions(text):
                    yield Fault(line, said, name, text)

    @cached_property
    def _texts(self):
        fields = self.model._meta.concrete_fields
        return [field.name for field in fields if isinstance(field, Line | Prose)]


def _holders(owner, columns, values):
    """The keys of the rows of a table that have one of these values, by value.

    Each column narrows them: one alone may be that of a busy record, or all the same.
    """
    wanted = dict(zip(columns, map(set, zip(*values, strict=True)), strict=True))
    rows = owner._base_manager.order_by().filter(
        **{f"{column}__in": Among(some) for column, some in wanted.items()}
    )
    found = defaultdict(list)
    for key, *value in rows.values_list("pk", *columns):
        found[tuple(value)].append(key)
    return found
