"""The vocabulary of the search: all words of records, for mistyped queries."""

from collections import defaultdict

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from ..tracking.time_travel import in_the_past
from ..tracking.tracked import SearchTextField
from ..values.words import (
    EDGE,
    MAX_TERM,
    MOST_SLIPS,
    SHORTEST_TO_MISTYPE,
    Reading,
    alike,
    is_number,
    terms_of,
    turned,
)
from .hits import Words
from .index import BEGINNINGS, found_in

# Words that one beginning may stand for, to be looked up each. PostgreSQL compares what
# it finds with each of them, and with more than these is faster by the beginning.
MOST_BEGUN = {"sqlite": 50, "postgresql": 8}
LAST = "\U0010ffff"  # the character behind all others


@SearchTextField.register_lookup
class InText(models.Lookup):
    """``search_text__has=reading``: a typed word is found in it, as it is read.

    For rows that are there anyhow: because a list goes along its order, or because they
    are of the past, of which there is no index.
    """

    lookup_name = "has"
    prepare_rhs = False

    PLACE = {"sqlite": "instr", "postgresql": "strpos"}

    def as_sql(self, compiler, connection):
        text, _no_parameters = self.process_lhs(compiler, connection)
        sought, place = self.rhs.marked, self.PLACE[connection.vendor]
        found = [f"{place}(' ' || {text} || ' ', %s) > 0" for _text in sought]
        return f"({' OR '.join(found)})", sought


@SearchTextField.register_lookup
class OwnName(models.Transform):
    """``search_text__name``: the name that stands first in it.

    To ask of few rows: it has no index.
    """

    lookup_name = "name"
    MARK = SearchTextField.MARK

    def as_sqlite(self, compiler, connection):
        own = f"instr(%(expressions)s || '{self.MARK}', '{self.MARK}') - 1"
        template = f"rtrim(substr(%(expressions)s, 1, {own}))"
        return self.as_sql(compiler, connection, template=template)

    def as_postgresql(self, compiler, connection):
        template = f"rtrim(split_part(%(expressions)s, '{self.MARK}', 1))"
        return self.as_sql(compiler, connection, template=template)


@SearchTextField.register_lookup
class ByIndex(InText):
    """``search_text__words=reading``: a typed word is found in it, by way of the index.

    The keys are fetched from the index first, so that no order of the rows around it
    makes a database walk all of them and look into each.
    """

    lookup_name = "words"

    AMONG = {
        "sqlite": "{key} IN ({found})",
        "postgresql": "{key} = ANY(ARRAY({found}))",
    }

    def as_sql(self, compiler, connection):
        if in_the_past():
            return super().as_sql(compiler, connection)
        model = self.lhs.target.model
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        found, sought = found_in(model, [self.rhs])
        key = f"{alias}.{model._meta.pk.column}"
        return self.AMONG[connection.vendor].format(key=key, found=found), sought


class KnownWord(models.Model):
    """A word that was written in some record, drafts included: the public sees none.

    The database adds to them by itself whenever a record is written.
    """

    text = models.CharField(primary_key=True, max_length=MAX_TERM)
    beginning = models.CharField(
        max_length=EDGE, db_index=True, help_text=_("Its first letters.")
    )
    ending = models.CharField(
        max_length=EDGE, db_index=True, help_text=_("Its last letters.")
    )

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.text

    @classmethod
    def begun_with(cls, term):
        """The words that begin with a term; empty if they are many.

        They are wanted only where the index does not look a beginning up by itself.
        """
        if connection.vendor != "sqlite":
            begun = Q(text__startswith=term)
        elif len(term) not in BEGINNINGS:
            begun = Q(text__gte=term, text__lt=term + LAST)
        else:
            return ()
        words = cls.objects.filter(begun).values_list("text", flat=True)
        most = MOST_BEGUN[connection.vendor]
        begun = tuple(words[: most + 1])
        return begun if len(begun) <= most else ()

    @classmethod
    def meant_by(cls, term):
        """The words that may have been meant by one that nothing begins with."""
        return cls.meant_by_each([term])[term]

    @classmethod
    def meant_by_each(cls, terms):
        """For each of some terms the words that may have been meant by it."""
        meant = dict.fromkeys(terms, ())
        long = [
            term
            for term in meant
            if len(term) >= SHORTEST_TO_MISTYPE and not is_number(term)
        ]
        if not long:
            return meant
        near = (
            Q(beginning__in={term[:EDGE] for term in long})
            | Q(ending__in={term[-EDGE:] for term in long})
            | Q(text__in={turned(term) for term in long})
        )
        sizes = [len(term) for term in long]
        reach = (min(sizes) - MOST_SLIPS, max(sizes) + MOST_SLIPS)
        words = cls.objects.alias(letters=Length("text")).filter(near)
        words = words.filter(letters__range=reach).values_list("text", flat=True)
        by_edge = defaultdict(set)
        for word in words:
            for edge in _edges(word):
                by_edge[edge].add(word)
        for term in long:
            edges = [*_edges(term), *_edges(turned(term))]
            like = set().union(*(by_edge[edge] for edge in edges))
            meant[term] = tuple(sorted(word for word in like if alike(term, word)))
        return meant


def _edges(word):
    """The first letters of a word, and its last ones."""
    return (word[:EDGE], ""), ("", word[-EDGE:])


def readings_of(text, querysets):
    """What each word of a text is taken for, where records of these are looked for.

    Only what is in them counts: who does not see a draft cannot tell that it is there.
    ValidationError for more words than one types.
    """
    as_typed = Words(Reading(t, begun=KnownWord.begun_with(t)) for t in terms_of(text))
    if not as_typed or not querysets or _any_found(querysets, as_typed):
        return as_typed
    return as_typed.others(
        reading
        if _any_found(querysets, as_typed.others([reading]))
        else Reading(reading.term, KnownWord.meant_by(reading.term))
        for reading in as_typed
    )


def _any_found(querysets, words):
    """Whether all of the words are found together in any record of these."""
    return any(rows.any_found_by(words) for rows in querysets)
