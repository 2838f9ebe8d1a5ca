"""Search over records of every kind at once."""

from dataclasses import dataclass, replace
from itertools import chain

from django.db.models import Model, Prefetch

from ..registry.kinds import record_types
from ..values.translations import TRANSLATED, Told, foreign, original_of, told
from ..values.words import searchable, without_asking
from .vocabulary import readings_of

EXCERPT = 20  # words, of a text that is longer
BEFORE = 6  # of them, before the first that was found


@dataclass(frozen=True)
class Match:
    """Where in a record words were found: the name of a field, and the text there.

    The text stands in a column of a row: of the record itself or of what belongs to it.
    """

    field: str
    text: str
    row: Model | None = None
    column: str = ""

    @property
    def told(self):
        """The text as a reader is told it."""
        if not self.column:
            return Told(self.text)
        if original_of(self.column):
            return Told(self.text, foreign(TRANSLATED))
        said = told(self.row, self.column)
        if said.language or said.original:
            return said
        return Told(self.text, foreign(getattr(self.row, "language", "")))


class Search:
    """What is found by words among all that is published, and all of some kinds.

    A word that begins no word of any of these records is taken for those that may have
    been meant; all kinds of record are asked for the same words.
    ValidationError for more words than one types.
    """

    def __init__(self, text, whole_kinds=()):
        self.kinds = {
            name: self._shown(model, name in whole_kinds)
            for name, model in record_types().items()
        }
        # Signs alone are in no name: they must not find everything.
        self.readings = readings_of(without_asking(text), list(self.kinds.values()))

    @staticmethod
    def _shown(model, everything):
        """The records of a kind, with all that is shown of a hit."""
        records = model.objects.seen(everything).labelled()
        several = [*model.searched_rows]
        for related in filter(model.has_many, model.searched_related):
            names = model._meta.get_field(related).related_model.named_by
            several += [related, *(f"{related}__{name}" for name in names)]
        return records.prefetch_related(*map(Prefetch, several))

    def found(self, name):
        """The records of the kind of this name in which all words are found.

        In parts, the nearest to the words first.
        """
        return self.kinds[name].by_nearness(self.readings)

    def nearest(self, name, most):
        """So many records of the kind of this name, with how near each of them is."""
        return self.kinds[name].order_by("slug").nearest(self.readings, most)

    def matched(self, record):
        """Where the words were found: the first place that has the most of them."""
        best = self._best(record)
        return Match(best.field, self._excerpt(best.text))

    def told(self, record):
        """The same as a reader of the language that is spoken is told it: the name of
        the field, and the text.
        """
        best = self._best(record)
        said = best.told
        return best.field, replace(said, text=self._excerpt(said.text))

    def _best(self, record):
        return max(_places_in(record), key=lambda match: self._words_in(match.text))

    def _words_in(self, text):
        """How many of the words are found in a text."""
        folded = searchable(text)
        return sum(reading.finds(folded) for reading in self.readings)

    def _excerpt(self, text):
        """A text, or what stands around the first word that was found in it."""
        words = text.split()
        if len(words) <= EXCERPT:
            return text
        found = (place for place, word in enumerate(words) if self._words_in(word))
        start = max(0, min(next(found, 0) - BEFORE, len(words) - EXCERPT))
        shown = " ".join(words[start : start + EXCERPT])
        cut_before, cut_behind = start > 0, start + EXCERPT < len(words)
        return f"{'… ' * cut_before}{shown}{' …' * cut_behind}"

    @property
    def taken_for_others(self):
        """The words that nothing begins with, as folded."""
        return [reading.term for reading in self.readings if reading.words]


def _places_in(record):
    """All texts of a record in which words are looked for, its names first."""
    name = _own_name(record)
    yield Match(name, str(record), record if name else None, name)
    rest = [name for name in record.searched_rows if name not in record.named_by]
    names = (*record.named_by, *record.searched, *rest, *record.searched_related)
    for name in names:
        if name == "slug":  # no reader should meet one
            continue
        for text, row, column in _texts_of(record, name):
            yield Match(name, text, row, column)


def _own_name(record):
    """The field that it is listed under; none if it is called after other records."""
    return record.label_field if record.label_field in record.searched else ""


def _texts_of(record, name):
    """The texts that are searched in a column, in rows, or in a related record; each
    with the row and the column that it is in.
    """
    if name in record.searched:
        value = getattr(record, name)
        return [(str(getattr(value, "readable", value)), record, name)]
    if name in record.searched_rows:
        holders = getattr(record, name).all()
    elif record.has_many(name):
        holders = [
            each
            for one in getattr(record, name).all()
            if one.is_public
            for each in (one, *_names_of(one))
        ]
    else:
        holders = [getattr(record, name)]
    return [
        (str(getattr(one, column)), one, column)
        for one in holders
        for column in one.searched
    ]


def _names_of(record):
    """The rows with the other names of a record."""
    return chain.from_iterable(getattr(record, name).all() for name in record.named_by)
