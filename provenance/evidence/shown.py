"""What sources state and records say, as readers see it: words, and ways to records."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from ..db.batches import filtered
from ..models import Record
from ..values.bounds import BoundedTextField
from ..values.quantities import QuantityField
from ..values.readings import name_of_language
from ..values.stated_values import kinds_named, recorded_text, split_list
from ..values.text import Language
from ..values.translations import RECORDED, Told, foreign, told

FIRST = 8  # items of a list that are shown


@dataclass(frozen=True)
class Item:
    """One thing that a field says: a text, and the record that it names, if it does.

    A date or a number that is told in words has its ``exact`` form besides. A text has
    its ``language`` where that is not the reader's.
    """

    text: str
    exact: str = ""
    record: Record | None = None
    language: str = ""


@dataclass(frozen=True)
class Shown:
    """What a field says: one thing, or the items of a list."""

    items: tuple[Item, ...] = ()

    @property
    def first(self):
        """The items that are shown."""
        return self.items[:FIRST]

    @property
    def between(self):
        """What stands between two items: sentences are parted by their full stops."""
        return " " if self.items and self.items[0].text.endswith(".") else ", "

    @property
    def more(self):
        """How many others there are."""
        return max(len(self.items) - FIRST, 0)


def shown_texts(asked, everything=False):
    """What texts of fields say, each given by a record, the name of the field, the text
    and its language.

    The texts are in the form of CSV. What they name by slugs is looked up at once; of
    what is hidden a stranger is shown nothing.
    """
    asked = list(asked)
    slugs = defaultdict(set)
    for record, name, text, _language in asked:
        for kind in _kinds(record, name):
            slugs[kind].update(_items(record, name, text))
    found = {
        kind: {each.slug: each for each in _borne(kind, those, everything)}
        for kind, those in slugs.items()
    }
    shown = []
    for record, name, text, language in asked:
        hidden = set()
        if not everything and (kinds := _kinds(record, name)):
            hidden = {
                item
                for item in _items(record, name, text)
                if not any(item in found[kind] for kind in kinds)
            }
        items = [item for item in _items(record, name, text) if item not in hidden]
        told = (_shown(found, record, name, item, language) for item in items)
        shown.append(Shown(tuple(told)))
    return shown


def _kinds(record, name):
    return kinds_named(type(record), name) if name else ()


def _items(record, name, text):
    if not text:
        return []
    return split_list(text) if name in record.lists else [text]


def _borne(kind, slugs, everything):
    return filtered(kind.objects.seen(everything).labelled(), slug=sorted(slugs))


def _shown(found, record, name, item, language):
    for kind in _kinds(record, name):
        if item in found[kind]:
            named = found[kind][item]
            return Item(str(named), record=named)
    column = record._meta.get_field(name) if name else None
    if isinstance(column, BoundedTextField):
        try:
            value = column.to_python(item)
        except ValidationError:
            return Item(item)  # check_data says what is wrong with it
        told = value.readable
        if isinstance(column, QuantityField):
            told = record.unit_of(name).behind(told)
        return Item(told, exact_form(value))
    if isinstance(column, Language):
        return Item(name_of_language(item) or item)
    choices = dict(getattr(column, "flatchoices", ()))
    if item in choices:
        return Item(str(choices[item]))
    said = _told(record, name, item, language)
    return Item(said.text, language=said.language)


def _told(record, name, item, language):
    """A free text: as the reader is told what is recorded, or else as it was said."""
    if name in record.lists:
        rows = (row for row in getattr(record, name).all() if row.text == item)
        if row := next(rows, None):
            said = told(row, "text")
            own = foreign(getattr(row, "language", ""))
            return said if said.language else replace(said, language=own)
    elif name and item == recorded_text(record, name):
        return told(record, name)
    return Told(item, language=foreign(language))


def exact_form(value):
    """A date or a number in the form of its type, where people read it otherwise."""
    return str(value) if value and value != value.readable else ""


def recorded_of(record, name):
    """What a record says in the field of this name, to be shown."""
    if not name:
        return record, "", "", ""
    holder = record.holder_of(name)
    return holder, name, recorded_text(holder, name), RECORDED


def stated_by(citation):
    """What a source says of the field that it is cited for, to be shown.

    Where it states nothing it was cited for what was recorded then.
    """
    holder = citation.record.holder_of(citation.field)
    stated = citation.stated or citation.checked_against
    return holder, citation.field, stated, citation.source.language


def read_out(disputes, everything):
    """Gives disputes that are laid out what each side says, as ``shown``.

    Of the dispute that is what is recorded; of a statement and of another record, what
    that says.
    """
    speaking, asked = [], []
    for dispute in disputes:
        name = dispute.field or dispute.record.opposed_in
        speaking += [dispute, *dispute.statements, *dispute.others]
        asked.append(recorded_of(dispute.record, name))
        asked += [stated_by(citation) for citation in dispute.statements]
        asked += [recorded_of(other, name) for other in dispute.others]
    for one, shown in zip(speaking, shown_texts(asked, everything), strict=True):
        one.shown = shown
