"""The public part of the history: old rows, and the records that they name."""

from collections import defaultdict

from ..models import Citation, Record
from ..registry.kinds import record_types
from ..values.stated import kinds_named, split_list, text_of
from .past import root_of, subject_of, written_fields

PUBLISHED = Record.Status.PUBLISHED
PRIVATE = {"private_note", "quotation", "status"}


class Then:
    """What the records that others are public through were at the end of a change."""

    def __init__(self, model, rows):
        self.model, self.past = model, {}
        for path in model.public_through:
            kind, named = model, [row for row in rows if row is not None]
            for name in path.split("__"):
                column = kind._meta.get_field(name)
                keys = {getattr(row, column.attname) for row in named}
                kind = column.related_model
                self.past[kind] = _past_of(kind, keys)
                named = [row for past in self.past[kind].values() for row in past]

    def led_to(self, row, number):
        """Whether all that such a record is public through was published then."""
        for path in self.model.public_through:
            kind, named = self.model, row
            for name in path.split("__"):
                column = kind._meta.get_field(name)
                kind, key = column.related_model, getattr(named, column.attname)
                named = _row_then(self.past[kind].get(key, ()), number)
                if named is None or named.status != PUBLISHED:
                    return False
        return True


def known_then(records):
    """Tells whether one of these was public at the end of a change."""
    kinds, past, then = record_types(), {}, {}
    for name in {record.record_type for record in records}:
        keys = {record.pk for record in records if record.record_type == name}
        past[name] = _past_of(kinds[name], keys)
        rows = [row for rows in past[name].values() for row in rows]
        then[name] = Then(kinds[name], rows)

    def known(record, number):
        name = record.record_type
        row = _row_then(past[name].get(record.pk, ()), number)
        is_published = row is not None and row.status == PUBLISHED
        return is_published and then[name].led_to(row, number)

    return known


def _past_of(model, keys):
    """The history of these records, each in order, by key."""
    column, past = model._meta.pk.attname, defaultdict(list)
    rows = model.history.filter(**{f"{column}__in": keys})
    for row in rows.order_by("history_id"):
        past[getattr(row, column)].append(row)
    return past


def _row_then(past, number):
    """The row of a history at the end of a change; None if there was no record."""
    rows = [row for row in past if (row.change_set_id or 0) <= number]
    return rows[-1] if rows and rows[-1].history_type != "-" else None


class PublicTexts:
    """The texts of past rows, as far as they name nothing that is not public."""

    def __init__(self, steps):
        keys = defaultdict(set)
        for model, step in steps:
            for row in (step.before, step.after):
                for column in written_fields(model) if row is not None else ():
                    value = getattr(row, column.attname) if column.is_relation else None
                    if value is not None and _names_a_record(column):
                        keys[root_of(column.related_model)].add(value)
        self.slugs = {
            (root, key): slug
            for root, wanted in keys.items()
            for key, slug in root.objects.published()
            .filter(pk__in=wanted)
            .values_list("pk", "slug")
        }

    def fields_changed(self, model, step):
        before, after = (self.texts(model, row) for row in (step.before, step.after))
        return {
            name: (before[name] or "", after[name] or "")
            for name in before
            if (before[name] or "") != (after[name] or "")
        }

    def rows_changed(self, model, key, belonging):
        found = defaultdict(list)
        for name, owner, step in belonging:
            pair = tuple(
                self.row_texts(model, name, owner, row)
                if row is not None and subject_of(step.model, row).key == key
                else None
                for row in (step.before, step.after)
            )
            if pair[0] != pair[1]:
                found[name].append(pair)
        return dict(found)

    def row_texts(self, model, name, owner, row):
        """The texts of a row; None if the public may not know of it."""
        texts = self.texts(owner.model, row, owner)
        for column in written_fields(owner.model):
            if texts.get(column.name, "") is None:
                if not column.null or column.related_model in model.lists.get(name, ()):
                    return None
                texts[column.name] = ""
        if issubclass(owner.model, Citation) and not self.may_be_stated(model, texts):
            return None
        return texts

    def may_be_stated(self, model, texts):
        """Whether no record is named in a statement that is not public."""
        name = texts["field"]
        if name not in model.citable or not texts["stated"]:
            return True
        kinds = kinds_named(model, name)
        slugs = split_list(texts["stated"]) if kinds else []
        return all(
            any(kind.objects.published().filter(slug=slug).exists() for kind in kinds)
            for slug in slugs
        )

    def texts(self, model, row, owner=None):
        """The text of each column; None for one that names what is not public."""
        return {
            column.name: self.text(column, row)
            for column in written_fields(model)
            if column is not owner and column.editable and column.name not in PRIVATE
        }

    def text(self, column, row):
        value = getattr(row, column.attname)
        if value is None or not _names_a_record(column):
            return text_of(value)
        return self.slugs.get((root_of(column.related_model), value))


def _names_a_record(column):
    return column.is_relation and issubclass(column.related_model, Record)
