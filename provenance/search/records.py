"""Search over records of every kind at once, as the public sees them."""

from django.db.models import Prefetch

from ..registry.kinds import record_types
from ..values.folding import fold
from .vocabulary import readings_of


class Search:
    """What is found by words among all that is published.

    A word that begins no word of any published record is taken for those that may have
    been meant; all kinds of record are asked for the same words.
    ValidationError for more words than one types.
    """

    def __init__(self, text):
        self.kinds = {
            name: self._shown(model) for name, model in record_types().items()
        }
        # Signs alone are in no name: they must not find everything.
        self.readings = readings_of(text, list(self.kinds.values()))

    @staticmethod
    def _shown(model):
        """The published records of a kind, with all that is shown of a hit."""
        records = model.objects.published().labelled()
        return records.prefetch_related(*map(Prefetch, model.searched_rows))

    def found(self, name):
        """The records of the kind of this name in which all words are found."""
        records = self.kinds[name]
        return records.found_by(self.readings) if self.readings else records.none()

    def matched(self, record):
        """The name in which the words were found: all of them, or else one of them."""
        names = [str(record)]
        for rows in record.searched_rows:
            names += [str(row) for row in getattr(record, rows).all()]
        lines = [record._meta.get_field(name) for name in record.searched]
        names += [getattr(record, line.name) for line in lines if line.max_length]
        folded = [(name, fold(name)) for name in names]
        for enough in (all, any):
            for name, text in folded:
                if enough(reading.finds(text) for reading in self.readings):
                    return name
        return None

    @property
    def taken_for_others(self):
        """The words that nothing begins with, as folded."""
        return [reading.term for reading in self.readings if reading.words]
