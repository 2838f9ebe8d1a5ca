"""Metrics with their dimensions, codes and observations in the API."""

import re

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Place
from provenance.api.fields import RelatedList, Text
from provenance.api.filters import CitedFilter, DatedFilter, filter_of
from provenance.api.parameters import (
    EXCLUDING,
    ByRow,
    BySlug,
    ByWord,
    SlugField,
    seen_below,
)
from provenance.api.row_serializers import RowSerializer
from provenance.api.serializers import RecordSerializer, serializer_of
from provenance.api.writes import WritableRecordView, view_of
from provenance.db.few import named_in
from provenance.models.renaming import bearing
from provenance.values.suggestions import no_such

from ..models import (
    Code,
    Deployment,
    Dimension,
    Metric,
    MetricDimension,
    MetricTheme,
    Observation,
    ObservationCode,
    Theme,
)
from ..resources import A_DIMENSION, ObservationResource, no_such_code
from .events import ByTheme

OF_DIMENSION = re.compile(rf"{A_DIMENSION}[a-z0-9-]{{1,100}}({EXCLUDING})?")


class CodeField(SlugField):
    """The public codes of these notations in the list of the dimension of this slug."""

    def __init__(self, dimension, **options):
        self.dimension = dimension
        super().__init__(**options)

    def meant(self, texts):
        dimensions = Dimension.objects.seen(self.everything)
        dimension = bearing(dimensions, self.dimension)
        if dimension is None:
            said = no_such(Dimension, self.dimension, dimensions)
            raise ValidationError(said, code="no_such_record")
        codes = self.model.objects.seen(self.everything).filter(dimension=dimension)
        found = {code.notation: code for code in codes.filter(notation__in=texts)}
        for text in texts:
            if text not in found:
                said = no_such_code(dimension, text, codes)
                raise ValidationError(said, code="no_such_record")
        return found


class ByCode(BySlug):
    """Those of codes of the dimension of this slug, or of those that they include."""

    field_class = CodeField

    def __init__(self, dimension):
        super().__init__(Code, by="of_codes", dimension=dimension)


@serializer_of.register(Metric)
class MetricSerializer(RecordSerializer):
    """What is measured, in what unit, and how it is broken down."""

    themes = RelatedList(Theme, required=False, help_text=_("What it tells about."))
    dimensions = RelatedList(
        Dimension,
        required=False,
        help_text=_("What its observations are broken down by."),
    )

    class Meta:
        model = Metric
        fields = Metric.columns


class ObservationCodeSerializer(RowSerializer):
    """The code of an observation in one of the dimensions of its metric."""

    key = ("code",)
    needs = ("code",)

    notation = Text(
        source="code.notation",
        read_only=True,
        help_text=_("The code itself, as files and filters write it."),
    )

    class Meta(RowSerializer.Meta):
        model = ObservationCode
        fields = ["dimension", "notation", "code"]


@serializer_of.register(Observation)
class ObservationSerializer(RecordSerializer):
    """What was measured, when, where, by whom, and of which part."""

    codes = ObservationCodeSerializer(
        many=True,
        required=False,
        source="code_rows",
        help_text=_("Of what it counts a part alone, in the dimensions of its metric."),
    )

    class Meta:
        model = Observation
        fields = [*Observation.columns, "codes"]


@filter_of.register(Metric)
class MetricFilter(CitedFilter):
    """What metrics can be asked for."""

    kind = ByWord(Metric.Kind)
    frequency = ByWord(Metric.Frequency)
    dimension = ByRow(
        MetricDimension,
        "dimension",
        "metric",
        _("The slug of a dimension that it is broken down by."),
    )
    theme = ByTheme()

    def by_theme(self, metrics, themes, excluded):
        rows = MetricTheme.objects.filter(theme__in=themes)
        return named_in(metrics, rows, "metric", excluded)


@filter_of.register(Code)
class CodeFilter(CitedFilter):
    """What codes can be asked for."""

    dimension = BySlug(Dimension, _("The slug of the dimension in whose list it is."))
    broader = BySlug(Code, _("The slug of the wider code that includes it."))


@filter_of.register(Observation)
class ObservationFilter(DatedFilter):
    """What observations can be asked for."""

    metric = BySlug(Metric)
    theme = ByTheme()
    place = BySlug(
        Place, _("The slug of the place, or of one that it lies in."), below=True
    )
    reported_by = BySlug(Agency, _("The slug of the agency whose figure it is."))
    deployment = BySlug(
        Deployment, _("The slug of the deployment whose strength it gives again.")
    )
    modality = ByWord(Observation.Modality)
    value_missing = ByWord(Observation.Missing)

    @classmethod
    def of_families(cls, given):
        asked = {}
        for name in filter(OF_DIMENSION.fullmatch, given):
            by_code = ByCode(name.removeprefix(A_DIMENSION).removesuffix(EXCLUDING))
            is_excluded = name.endswith(EXCLUDING)
            asked[name] = by_code.excluding() if is_excluded else by_code
        return asked

    def by_theme(self, observations, themes, excluded):
        rows = MetricTheme.objects.filter(theme__in=themes).order_by()
        of_these = Q(metric__in=rows.values("metric"))
        return observations.filter(~of_these if excluded else of_these)

    def of_codes(self, observations, codes, excluded):
        below = seen_below(codes, self.everything)
        rows = ObservationCode.objects.filter(code__in=below)
        return named_in(observations, rows, "observation", excluded)


@view_of.register(Observation)
class ObservationView(WritableRecordView):
    """Observations: what was measured, when, where, by whom, and of which part.

    Each dimension is a parameter, too: `dim:citizenship=mex` finds the observations
    of that code, or of one that it includes; several find what is of all of them.
    """

    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter
    default_order = "start"

    @cached_property
    def dimensions(self):
        """The columns of CSV that say the codes, by their names."""
        table, public = ObservationResource(), not self.everything()
        return {
            name: table.fields[name].column(public)
            for name in table.column_names(public)
            if name.startswith(A_DIMENSION)
        }

    def columns(self):
        place = (names := super().columns()).index("codes")
        return [*names[:place], *self.dimensions, *names[place + 1 :]]

    def column(self, name):
        return self.dimensions.get(name) or super().column(name)
