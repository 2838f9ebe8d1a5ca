"""Until when sources say of a record that it was so, where none says how it ended."""

from django.db import models
from django.db.models import Case, F, Max, Q, Value, When
from django.db.models.functions import Greatest
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from ..values.edtf import ONGOING
from ..values.grounds import last_day
from .citation import Citation
from .record import Record


class Attestation(models.Model):
    """The last day on which a source says of one record, whose end nobody states, that
    it was so.

    It is no record: ``provenance.evidence.attestation`` derives it at the end of each
    change, and has no key to its record in the database.
    """

    COLUMNS = ("record_id", "until", "is_over")

    until = models.DateField(help_text=_("The last day that a source attests."))
    is_over = models.BooleanField(
        help_text=_("Whether it is of a kind that is over by nature: by that day.")
    )

    class Meta:
        abstract = True
        default_permissions = ()
        verbose_name = _("last attestation")
        verbose_name_plural = _("last attestations")

    def __str__(self):
        return f"{self.record_id}: {self.until}"

    @classmethod
    def attested_model(cls):
        """The kind of record that these are about."""
        return cls._meta.get_field("record").related_model

    @classmethod
    def derived(cls, **among):
        """What follows from the citations of the records whose keys are such: rows of
        ``COLUMNS``.

        A source that the public may see attests a record on the day as of which it is
        cited, or else on the day on which it was published: of a vague day on the last
        that it can mean. It does not where it tells how the record ended, or where it
        is mistaken.
        """
        keys = {f"pk__{lookup}": value for lookup, value in among.items()}
        first, *rest = (_derived(k, keys) for k in cls.attested_model().that_last())
        return first.union(*rest) if rest else first


def _derived(kind, keys):
    """The same of records of one kind."""
    start, end = kind.span
    tells_the_end = Q(citations__field=end) & ~Q(citations__stated__in=("", ONGOING))
    published = When(citations__as_of="", then=last_day("citations__source__published"))
    rows = kind._base_manager.order_by().filter(
        ~tells_the_end,
        ~Q(citations__assessment=Citation.Assessment.MISTAKEN),
        kind.open_ended(),
        citations__source__status=Record.Status.PUBLISHED,
        **keys,
    )
    rows = rows.annotate(day=Case(published, default=last_day("citations__as_of")))
    rows = rows.filter(day__gte=F(f"{start}_earliest")).values("pk")
    # All is aggregated: what is read of a past moment has no keys to group by.
    last, over = Max(Greatest("day", f"{end}_earliest")), Value(False)
    if kind.over_by_nature is not None:
        counted = Max(Case(When(kind.over_by_nature, then=1), default=0))
        over = Case(When(GreaterThan(counted, 0), then=True), default=False)
    return rows.annotate(last=last, over=over).values_list("pk", "last", "over")


def attests(model):
    """The column that says which record of a kind was attested."""
    return models.OneToOneField(
        model,
        models.DO_NOTHING,
        primary_key=True,
        db_constraint=False,
        related_name="attestation",
        help_text=_("The record that is attested."),
    )
