"""Hierarchies of records: places, agencies, themes and their parents."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .batches import filtered

MAX_DEPTH = 50  # no government is deeper; without an end, one could be made costly


class Tree(models.Model):
    """A record below at most one of its kind, named by the field ``above``."""

    above = "parent"

    class Meta:
        abstract = True

    def clean(self):
        if getattr(self, self.above) is self:  # which has no key yet to be known by
            said = _("This is a circular reference: %s.") % f"{self.slug} → {self.slug}"
            raise ValidationError({self.above: said})
        super().clean()

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        upper = cls._all_above(records)
        for record in records:
            path, key = [record.slug], getattr(record, cls._upper())
            above = {record.pk} - {None}
            while key in upper:
                slug, next_key = upper[key]
                path.append(slug)
                if key in above:  # also a circle further up that others made
                    message = _("This is a circular reference: %s.")
                    said = message % " → ".join(path)
                    yield record, ValidationError({cls.above: said})
                    break
                if len(path) > MAX_DEPTH:
                    said = (
                        _("The hierarchy would be more than %d levels deep.")
                        % MAX_DEPTH
                    )
                    yield record, ValidationError({cls.above: said})
                    break
                above.add(key)
                key = next_key

    @classmethod
    def _upper(cls):
        return cls._meta.get_field(cls.above).attname

    @classmethod
    def _all_above(cls, records):
        """The slug of each that stands above one of these, and the key above it."""
        name = cls._upper()
        found = {r.pk: (r.slug, getattr(r, name)) for r in records if r.pk}
        missing = {getattr(record, name) for record in records} - found.keys() - {None}
        while missing:
            rows = cls._base_manager.filter(pk__in=missing)
            rows = {row[0]: row[1:] for row in rows.values_list("pk", "slug", name)}
            found |= rows
            missing = {upper for _slug, upper in rows.values()} - found.keys() - {None}
        return found

    @classmethod
    def and_below(cls, *records, among=None):
        """The keys of records and of all that stand below them, if asked among these.

        A query for each level: what stands elsewhere is not looked at.
        """
        among = cls._default_manager.all() if among is None else among
        below = among.order_by().values_list("pk", flat=True)
        level = [record.pk for record in records]
        keys = dict.fromkeys(level)
        while level:  # each once, even if they go in a circle
            level = set(filtered(below, **{cls.above: level})) - keys.keys()
            keys |= dict.fromkeys(sorted(level))
        return list(keys)

    @classmethod
    def below_each(cls, keys, among):
        """For each of these keys, it and those of all that stand below it among these.

        A query for each level, for all of them together.
        """
        lower, level = defaultdict(list), set(keys)
        rows = among.order_by().values_list(cls.above, "pk")
        known = set(level)
        while level:
            for upper, key in filtered(rows, **{cls.above: level}):
                lower[upper].append(key)
            level = {key for upper in level for key in lower[upper]} - known
            known |= level
        return {key: _all_below(key, lower) for key in keys}


def _all_below(key, lower):
    """A key, and all that stand below it by what stands right below each."""
    found, left = {key}, [key]
    while left:
        fresh = set(lower[left.pop()]) - found
        found |= fresh
        left += fresh
    return sorted(found)


def not_above_itself(above="parent"):
    """A CHECK that no record is its own parent."""
    return models.CheckConstraint(
        condition=~Q(**{above: F("id")}),
        name=f"%(app_label)s_%(class)s_not_its_own_{above}",
        violation_error_message=_("A record cannot be its own parent."),
    )
