"""The public part of the history: old rows, and the records that they name."""

from collections import defaultdict

from ..db.batches import filtered
from ..models import Citation, Record
from ..registry.kinds import record_types
from ..values.stated_values import named_in_fields, split_list
from .reading import columns, past_of, row_then
from .wording import PRIVATE, Named, Texts

PUBLISHED = Record.Status.PUBLISHED
HIDDEN = PRIVATE | {"status"}


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
                self.past[kind] = past_of(kind, keys)
                named = [row for past in self.past[kind].values() for row in past]

    def led_to(self, row, number):
        """Whether all that such a record is public through was published then."""
        for path in self.model.public_through:
            kind, named = self.model, row
            for name in path.split("__"):
                column = kind._meta.get_field(name)
                kind, key = column.related_model, getattr(named, column.attname)
                named = row_then(self.past[kind].get(key, ()), number)
                if named is None or named.status != PUBLISHED:
                    return False
        return True


def known_then(records):
    """Tells whether one of these was public at the end of a change."""
    kinds, past, then = record_types(), {}, {}
    for name in {record.record_type for record in records}:
        keys = {record.pk for record in records if record.record_type == name}
        past[name] = past_of(kinds[name], keys)
        rows = [row for rows in past[name].values() for row in rows]
        then[name] = Then(kinds[name], rows)

    def known(record, number):
        name = record.record_type
        row = row_then(past[name].get(record.pk, ()), number)
        is_published = row is not None and row.status == PUBLISHED
        return is_published and then[name].led_to(row, number)

    return known


class PublicTexts(Texts):
    """The texts of past rows, as far as they name nothing that is not public."""

    def __init__(self, rows, subjects=()):
        rows = list(rows)
        super().__init__(rows, subjects)
        stated = defaultdict(set)
        for part, row in rows:
            if row is not None and issubclass(part, Citation) and row.stated:
                kinds = named_in_fields(part.cited_model()).get(row.field, ())
                stated[kinds].update(split_list(row.stated) if kinds else ())
        self.public = {
            kinds: {
                slug
                for kind in kinds
                for slug in filtered(
                    kind.objects.published().order_by().values_list("slug", flat=True),
                    slug=slugs,
                )
            }
            for kinds, slugs in stated.items()
        }

    def look_up(self, root, keys):
        if not issubclass(root, Record):
            return super().look_up(root, keys)
        public = root.objects.published().filter(pk__in=keys)
        return {
            key: Named(root, key, slug)
            for key, slug in public.values_list("pk", "slug")
        }

    def columns(self, model):
        return [column for column in columns(model) if column.name not in HIDDEN]

    def of_part(self, model, name, part, row):
        """The texts of a row; None if the public may not know of it."""
        texts = super().of_part(model, name, part, row)
        for column in columns(part):
            if texts.get(column.name, "") is None:
                if not column.null or column.related_model in model.lists.get(name, ()):
                    return None
                texts[column.name] = ""
        if issubclass(part, Citation) and not self._may_be_stated(part, texts):
            return None
        return texts

    def _may_be_stated(self, part, texts):
        """Whether no record is named in a statement that is not public."""
        kinds = named_in_fields(part.cited_model()).get(texts["field"], ())
        if not kinds or not texts["stated"]:
            return True
        return self.public[kinds].issuperset(split_list(texts["stated"]))
