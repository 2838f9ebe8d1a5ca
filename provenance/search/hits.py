"""The keys of the records that words are found in, where these are few."""

from itertools import product
from math import prod

from django.db import connection

from ..db.few import FEW
from .index import found_in
from .texts import any_of, either, found_where, texts_of, values_of

MOST_WAYS = 27  # in which words are dealt out to the texts where they may be

# Whether a statement finds anything. PostgreSQL would rather go through a table, to
# meet one row soon or never, than look into an index for all of them.
EXISTS = {
    "sqlite": "EXISTS({})",
    "postgresql": "EXISTS(WITH found AS MATERIALIZED ({}) SELECT pk FROM found)",
}


class Words(tuple):
    """The words of one search, as each is read, with what was answered to it so far.

    What finds records of several kinds is asked once: all kinds of event have one text.
    """

    def __init__(self, _readings):
        self._answers = {}

    @classmethod
    def of(cls, readings):
        """The same, if they are not yet such."""
        return readings if isinstance(readings, cls) else cls(readings)

    def others(self, readings):
        """Other words of the same search."""
        words = type(self)(readings)
        words._answers = self._answers
        return words

    def few_hits(self, model):
        """The keys of the records in which all of them are, drafts included.

        None if they are many.
        """
        keys, are_all = self.some_hits(model)
        return keys if are_all else None

    def some_hits(self, model):
        """Some of the same keys, and whether they are all.

        Of two words that are each in very many records a database would gather all of
        these before it sees which have both. The index of one text finds that at once.
        So the own texts of records are asked first; and what else is asked names for
        each word one of the texts in which it is at all.
        """
        own, *others = texts_of(model)
        keys, are_all = self._some(found_in(own.model, self))
        if are_all and others and (ways := self._ways(own, others)):
            more, are_all = self._some(either(ways))
            keys = keys | more
        return keys, are_all and len(keys) <= FEW

    def _some(self, found):
        statement, values = found
        rows = self._answer(f"{statement} LIMIT {FEW + 1}", values)
        return {key for (key,) in rows}, len(rows) <= FEW

    def _answer(self, statement, values):
        asked = statement, tuple(values)
        if asked not in self._answers:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                self._answers[asked] = cursor.fetchall()
        return self._answers[asked]

    def _ways(self, own, others):
        """The statements that find all of the words, but not all in the own text.

        There is one for each way in which they may be dealt out.
        """
        there = self._there(others) if len(self) > 1 else [others]
        nowhere_else = [
            one for one, texts in zip(self, there, strict=True) if not texts
        ]
        if len(nowhere_else) == len(self) or not self._are_in(own, nowhere_else):
            return []
        each = [[own, *texts] for texts in there]
        number = _number_dealt(each)
        rest = [
            any_of([some.holding([one]) for some in texts])
            for one, texts in list(zip(self, each, strict=True))[number:]
        ]
        return [
            found_where(own.model, [*self._dealt(way), *rest])
            for way in product(*each[:number])
            if rest or set(way) != {own}
        ]

    def _there(self, others):
        """For each of the words, those of the others in which it is at all."""
        every = list(product(self, others))
        found = [found_in(texts.model, [word]) for word, texts in every]
        exists = EXISTS[connection.vendor]
        asked = ", ".join(exists.format(statement) for statement, _values in found)
        (answer,) = self._answer(f"SELECT {asked}", values_of(found))
        is_there = dict(zip(every, answer, strict=True))
        return [[some for some in others if is_there[word, some]] for word in self]

    def _are_in(self, own, words):
        """Whether the own text of any record has all of these."""
        return not words or self._some(found_in(own.model, words))[0]

    def _dealt(self, way):
        """The conditions that each of the first words is in the texts that it got."""
        dealt = {}
        for texts, word in zip(way, self, strict=False):
            dealt.setdefault(texts, []).append(word)
        for texts, words in dealt.items():
            yield from texts.conditions(words)


def _number_dealt(each):
    """How many words are dealt out, of which each may go to some texts: all, or as
    many as there are not too many ways for.
    """
    numbers = range(len(each), 0, -1)
    return next((n for n in numbers if prod(map(len, each[:n])) <= MOST_WAYS), 1)
