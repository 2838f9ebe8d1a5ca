"""The tables of what belongs to events, and that of observations, as CSV."""

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from provenance.db.batches import Among
from provenance.evidence.visibility import public_rows
from provenance.resources import Cell, SlugWidget, TableResource, resource_of
from provenance.resources.columns import EMPTY, TEXT, Column
from provenance.resources.kinds import record_columns
from provenance.values.suggestions import ENOUGH, close_to

from .models import (
    Code,
    Dimension,
    EventLink,
    Observation,
    ObservationCode,
    Participation,
    Provision,
)

MOST_NAMED = 10  # codes in a message
A_DIMENSION = "dim:"  # what a column, or a parameter, about one begins with


@resource_of.register(Provision)
class ProvisionResource(TableResource):
    """What agreements provide."""

    class Meta:
        model = Provision
        fields = ("agreement", "position", "text", "text_es", "theme")
        import_id_fields = ("agreement", "position")


@resource_of.register(Participation)
class ParticipationResource(TableResource):
    """Who took part in which event."""

    may_lack = ("date",)

    class Meta:
        model = Participation
        fields = (
            *("event", "official", "agency", "role", "date", "effective"),
            "appointments",
        )
        import_id_fields = ("event", "official", "agency", "role", "date")


@resource_of.register(EventLink)
class EventLinkResource(TableResource):
    """What links events."""

    class Meta:
        model = EventLink
        fields = ("event", "kind", "target")
        import_id_fields = ("event", "kind", "target")


def no_such_code(dimension, text, codes):
    """The sentence that a dimension has no such code, and which ones it has."""
    known = list(codes.values_list("notation", flat=True)[:ENOUGH])
    close = close_to(text, known)
    if known and not close:
        more = ", …" if len(known) > MOST_NAMED else ""
        some = ", ".join(known[:MOST_NAMED]) + more
        close = _("; it has these: %s.") % some
    return _("“%(dimension)s” has no code “%(code)s”%(close)s") % {
        "dimension": dimension.slug,
        "code": text[:100],
        "close": close or ".",
    }


class CodeWidget(SlugWidget):
    """The code of an observation in one dimension, by its notation; or none."""

    folds = False

    def __init__(self, dimension):
        self.dimension = dimension
        super().__init__(Code)

    def records(self):
        return Code.objects.filter(dimension=self.dimension)

    def bearing(self, slugs):
        codes = self.records().order_by().filter(notation__in=Among(slugs))
        found = codes.values_list("pk", "notation")
        return {notation: (key, notation) for key, notation in found}

    def clean(self, text):
        """The key of the code, as the only one of a list."""
        key = super().clean(text)
        return () if key is None else (key,)

    def said_of_unknown(self, text, records):
        return no_such_code(self.dimension, text, records)


def all_dimensions():
    """Every dimension."""
    return Dimension.objects.order_by("slug")[: Dimension.MOST]


class CodeCell(Cell):
    """The column of one dimension."""

    def __init__(self, dimension):
        self.dimension = dimension
        super().__init__(Observation._meta.get_field("codes"), CodeWidget(dimension))
        self.column_name = f"{A_DIMENSION}{dimension.slug}"

    def column(self, public=False):
        rows = ObservationCode.objects.order_by()
        rows = rows.filter(observation=OuterRef("pk"), dimension=self.dimension.pk)
        rows = public_rows(rows, ["code"]) if public else rows
        text = Subquery(rows.values(text=F("code__notation")))
        return Column(self.column_name, Coalesce(text, EMPTY, **TEXT), runs=True)

    def replace(self, record, wanted):
        others = record.codes.exclude(dimension=self.dimension.pk)
        return super().replace(record, [*others, *wanted])


@resource_of.register(Observation)
class ObservationResource(TableResource):
    """Observations, with a column for each dimension that a metric declares."""

    class Meta:
        model = Observation
        fields = record_columns(Observation)

    varying = (
        (
            f"{A_DIMENSION}…",
            "a notation of codes",
            "Of what it counts a part alone; a column for each dimension that a metric "
            "declares, named by its slug: dim:citizenship.",
        ),
    )

    def __init__(self, dimensions=None, **options):
        super().__init__(**options)
        self.add_columns(all_dimensions() if dimensions is None else dimensions)

    @classmethod
    def declared(cls):
        return cls(dimensions=())

    def add_columns(self, dimensions):
        """Gives a column to each of these dimensions that has none."""
        for dimension in dimensions:
            cell = CodeCell(dimension)
            self.fields.setdefault(cell.column_name, cell)

    def reading(self, sheet, job, outcome):
        self.add_columns(all_dimensions())  # those of this import as well
        return super().reading(sheet, job, outcome)

    def get_export_order(self):
        """The columns; behind them those of dimensions that a metric declares."""
        columns = super().get_export_order()
        names = [name for name in columns if not name.startswith(A_DIMENSION)]
        if len(names) == len(columns):
            return names
        return [*names, *self.of_dimensions(Dimension.objects.all())]

    def column_names(self, public=False):
        names = super().column_names(public)
        if public and names[-1].startswith(A_DIMENSION):
            shown = self.of_dimensions(Dimension.objects.published())
            names = [n for n in names if not n.startswith(A_DIMENSION) or n in shown]
        return names

    def of_dimensions(self, dimensions):
        """The names of the columns of those of these that a metric declares."""
        declared = dimensions.filter(metrics__isnull=False).order_by("slug").distinct()
        slugs = declared.values_list("slug", flat=True)[: Dimension.MOST]
        return [f"{A_DIMENSION}{slug}" for slug in slugs]
