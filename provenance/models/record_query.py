"""What is asked of every kind of record: search, publication, citations."""

from django.db.models import Case, Exists, OuterRef, Q, Value, When

from ..db.batches import Among
from ..search.hits import Words
from ..search.nearness import Nearness
from ..search.vocabulary import readings_of
from ..tracking.time_travel import in_the_past
from ..tracking.tracked import TrackedQuerySet
from ..values.collation import sort_key
from ..values.dates import DatedQuerySet
from ..values.words import MAX_TERM, MAX_TERMS, searchable
from .order import BY_NAME


def _typed(readings):
    """The words of a search as they were typed, folded."""
    return " ".join(reading.term for reading in readings)


class RecordQuerySet(TrackedQuerySet):
    """What is asked of every kind of record."""

    def with_status(self, status):
        """Those in this status."""
        return self.filter(status=status)

    def by_status(self):
        """The parts in each status, each of which goes along an index."""
        return [self.with_status(status) for status in self.model.Status.values]

    def published(self):
        """What the public may see: published, as is all that it cannot do without."""
        return self.with_status(self.model.Status.PUBLISHED).filter(**self._needed())

    def published_beside(self):
        """The same of rows that are few, and found by what they name.

        SQLite might go through all that is published for those of one page.
        """
        published = self.model.Status.PUBLISHED
        return self.filter(status__beside=published, **self._needed())

    def _needed(self):
        return {
            f"{path}__status__beside": self.model.Status.PUBLISHED
            for path in self.model.public_through
        }

    def seen(self, everything):
        """What somebody may see: everything, or what is published."""
        return self.all() if everything else self.published()

    def labelled(self):
        """The same with the records that a label names, in one query."""
        joins = self.model.public_through
        return self.select_related(*joins) if joins else self

    def named(self, text):
        """What all words of the text are found in, or in one of its names.

        A word is found by its beginning. One with which nothing here begins is taken
        for those that may have been meant.
        """
        return self.found_by(readings_of(text, [self]))

    def found_by(self, readings, by_index=False):
        """What all these words are found in, or in one of its names.

        All that is found many times is found along the order of the rows, or
        ``by_index``, to be counted.
        """
        keys = self._few_hits(readings)
        if keys is not None:
            return self.filter(pk__in=Among(keys)) if keys else self.none()
        return self._found_many_times(readings, by_index)

    def _found_many_times(self, readings, by_index=False):
        found = self
        for reading in readings:
            its_own = "" if by_index else "has"
            found = found.filter(self._holding("words", reading, its_own=its_own))
        return found

    def any_found_by(self, readings):
        """Whether all these words are found in any of them."""
        if readings and not in_the_past():
            some, are_all = Words.of(readings).some_hits(self.model)
            if some and self.filter(pk__in=Among(some)).order_by().exists():
                return True
            if are_all:
                return False
        return self._found_many_times(readings).order_by().exists()

    def by_nearness(self, readings):
        """What all these words are found in, in parts, one for each ``Nearness``.

        Of what is found many times only what is called just so is told from the rest.
        """
        if not readings:
            return [self.none() for _near in Nearness]
        keys = self._few_hits(readings)
        if keys is None:
            rest = self._found_many_times(readings)
            if not self._have_names():
                return [self.none(), self.none(), rest]
            name = sort_key(_typed(readings))
            # In any status, with which the index of names begins.
            called = self.filter(sort_key=name, status__in=self.model.Status.values)
            return [called, self.none(), rest.exclude(sort_key=name)]
        parts = {near: set() for near in Nearness}
        if keys:
            found = self.filter(pk__in=Among(keys))._with_nearness(readings).order_by()
            for key, near in found.values_list("pk", "nearness"):
                parts[near].add(key)
        return [
            self.filter(pk__in=Among(part)) if part else self.none()
            for part in parts.values()
        ]

    def _have_names(self):
        """Whether each has a name of its own, and is not called by others' names."""
        return bool(self.model._meta.get_field(BY_NAME).read_columns(self.model))

    def nearest(self, readings, most):
        """So many of what these words are found in, with how near each of them is."""
        found = []
        for near, part in zip(Nearness, self.by_nearness(readings), strict=True):
            if len(found) < most:
                found += [(near, record) for record in part[: most - len(found)]]
        return found

    def nearest_first(self, readings):
        """The same in this order before their own; as they are where they are many."""
        if not self._few_hits(readings):
            return self
        order = self.query.order_by or self.model._meta.ordering
        return self._with_nearness(readings).order_by("nearness", *order)

    def _few_hits(self, readings):
        """The keys of what these words are found in; None if many, or of the past."""
        is_now = readings and not in_the_past()
        return Words.of(readings).few_hits(self.model) if is_now else None

    def _with_nearness(self, readings):
        just_so = Q(search_text__name=_typed(readings))
        all_in_one = Q(*(Q(search_text__name__has=reading) for reading in readings))
        nearness = Case(
            When(self._in_a_name(just_so), then=Value(Nearness.CALLED)),
            When(self._in_a_name(all_in_one), then=Value(Nearness.NAMED)),
            default=Value(Nearness.MENTIONED),
        )
        return self.annotate(nearness=nearness)

    def _in_a_name(self, condition):
        """Its own name, or one of its others, answers to this condition."""
        answered = condition
        for link in map(self.model.link_of, self.model.named_by):
            names = link.model._default_manager.filter(condition)
            answered |= Exists(names.filter(**{link.name: OuterRef("pk")}))
        return answered

    def called(self, text, most):
        """The few that a text may name: called just so, or else by all of its words.

        None if it could be more of them than that.
        """
        terms = [term[:MAX_TERM] for term in searchable(text).split()[:MAX_TERMS]]
        if not terms:
            return []
        readings = readings_of(" ".join(terms), [self])
        for found in (self.by_nearness(readings)[0], self.found_by(readings)):
            records = list(found.order_by("slug")[: most + 1])
            if 0 < len(records) <= most:
                return records
        return []

    def _holding(self, how, value, its_own=""):
        """Its text, or one of those around it, answers so to this question."""
        asked = {f"search_text__{how}": value}
        condition = Q(**{f"search_text__{its_own or how}": value})
        for link in map(self.model.link_of, self.model.searched_rows):
            matching = link.model._default_manager.filter(**asked)
            condition |= Q(pk__in=matching.values(link.name))
        for related in self.model.searched_related:
            link = self.model._meta.get_field(related)
            others = link.related_model._default_manager.all()
            if link.many_to_many:
                matching = others.published()._going_by(**asked)
                named = {f"{link.m2m_reverse_field_name()}__in": matching.values("pk")}
                rows = link.remote_field.through._default_manager.filter(**named)
                condition |= Q(pk__in=rows.values(link.m2m_field_name()))
            else:
                matching = others.filter(**asked)
                condition |= Q(**{f"{related}__in": matching.values("pk")})
        return condition

    def _going_by(self, **asked):
        """Those whose text, or one of whose other names, answers to this question."""
        condition = Q(**asked)
        for link in map(self.model.link_of, self.model.named_by):
            names = link.model._default_manager.filter(**asked)
            condition |= Q(pk__in=names.values(link.name))
        return self.filter(condition)

    def uncited(self):
        """What no source is given for."""
        return self.filter(citations=None)

    def with_uncited_values(self):
        """What no source is cited for: the record, or what is said in a field of it.

        The fields in our own words, by which it is called and classed, count for no
        more than the record.
        """
        citations = self.model.citation_model().objects.filter(record=OuterRef("pk"))
        wanted = ~Exists(citations)
        stated = set(self.model.citable) - set(self.model.described)
        for column in self.model._meta.concrete_fields:
            if column.name in stated:
                empty = Q(**{f"{column.name}__isnull": True})
                if column.empty_strings_allowed:
                    empty |= Q(**{column.name: ""})
                wanted |= ~empty & ~Exists(citations.filter(field=column.name))
        return self.filter(wanted)


class DatedRecordQuerySet(DatedQuerySet, RecordQuerySet):
    """Records that hold from one date to another."""
