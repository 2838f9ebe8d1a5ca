"""The vocabulary of the search: all words of records, for mistyped queries."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..tracking.time_travel import in_the_past
from ..tracking.tracked import SearchTextField
from ..values.words import EDGE, MAX_TERM, Reading, alike, terms_of, turned
from .index import VECTOR, index_of


@SearchTextField.register_lookup
class Words(models.Lookup):
    """``search_text__words=reading``: a typed word is found in it, by way of the index.

    The keys are fetched from the index first, so that no order of the rows around it
    makes a database walk all of them and look into each.
    """

    lookup_name = "words"
    prepare_rhs = False

    def as_sqlite(self, compiler, connection):
        if in_the_past():  # the index is of what is there now
            text, _no_parameters = self.process_lhs(compiler, connection)
            sought = self.rhs.marked
            found = [f"instr(' ' || {text} || ' ', %s) > 0" for _text in sought]
            return f"({' OR '.join(found)})", sought
        table, _key, column = self._columns(compiler)
        index = index_of(table)
        found = f"SELECT rowid FROM {index} WHERE {index} MATCH %s"
        return f"{column} IN ({found})", [self.rhs.for_sqlite]

    def as_postgresql(self, compiler, connection):
        table, key, column = self._columns(compiler)
        found = f"SELECT {key} FROM {table} WHERE {VECTOR} @@ %s::tsquery"
        return f"{column} = ANY(ARRAY({found}))", [self.rhs.for_postgresql]

    def _columns(self, compiler):
        """The table that is looked into, its key, and the column of the key asked."""
        meta = self.lhs.target.model._meta
        alias = compiler.quote_name_unless_alias(self.lhs.alias)
        return meta.db_table, meta.pk.column, f"{alias}.{meta.pk.column}"


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
    def meant_by(cls, term):
        """The words that may have been meant by one that nothing begins with."""
        near = Q(beginning=term[:EDGE]) | Q(ending=term[-EDGE:]) | Q(text=turned(term))
        words = cls.objects.filter(near).values_list("text", flat=True)
        return tuple(sorted(word for word in words if alike(term, word)))


def readings_of(text, querysets):
    """What each word of a text is taken for, where records of these are looked for.

    Only what is in them counts: who does not see a draft cannot tell that it is there.
    ValidationError for more words than one types.
    """
    readings = []
    for term in terms_of(text):
        reading = Reading(term)
        found = [rows.found_by([reading]).order_by().values("pk") for rows in querysets]
        if found and not found[0].union(*found[1:], all=True).exists():
            reading = Reading(term, KnownWord.meant_by(term))
        readings.append(reading)
    return readings
