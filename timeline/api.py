"""Events, themes, metrics, observations and the timeline in the API."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema

from entities.models import Agency, Official, Place
from provenance.api.fields import Address, Related, RelatedList
from provenance.api.filters import (
    BySlug,
    ByWord,
    CitedFilter,
    DatedFilter,
    seen_below,
)
from provenance.api.serializers import RecordSerializer, RowSerializer
from provenance.api.views import ApiView, RecordView
from provenance.api.writes import WritableRecordView
from provenance.web.streaming import ZIP_TYPE, download

from .chronicle import with_agency, with_official
from .dataset.package import package
from .models import (
    Agreement,
    Deployment,
    Event,
    EventLink,
    EventTheme,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Participation,
    Provision,
    Theme,
)


class ThemeSerializer(RecordSerializer):
    """One term of the vocabulary of what events are about."""

    class Meta:
        model = Theme
        fields = [*Theme.columns]


class ThemeFilter(CitedFilter):
    """What themes can be asked for."""

    broader = BySlug(Theme, _("The slug of the wider term that it falls under."))


class ThemeView(WritableRecordView):
    """Themes: the vocabulary of what events are about."""

    serializer_class = ThemeSerializer
    filterset_class = ThemeFilter


class ParticipationSerializer(RowSerializer):
    """One official or agency in an event, in one role."""

    key = ("official", "agency", "role")
    needs = ("official", "agency")

    class Meta(RowSerializer.Meta):
        model = Participation
        fields = ["role", "official", "agency", "appointment"]


class LinkSerializer(RowSerializer):
    """How an event stands to another one."""

    key = ("kind", "target")
    needs = ("target",)

    event = Related(Event, source="target", help_text=_("The other event."))

    class Meta(RowSerializer.Meta):
        model = EventLink
        fields = ["kind", "event"]


class LinkHereSerializer(RowSerializer):
    """How another event stands to this one."""

    needs = ("event",)

    class Meta(RowSerializer.Meta):
        model = EventLink
        fields = ["kind", "event"]


class ProvisionSerializer(RowSerializer):
    """One thing that an agreement provides."""

    key = ("position",)

    class Meta(RowSerializer.Meta):
        model = Provision
        fields = ["position", "text", "theme"]


class EventSerializer(RecordSerializer):
    """What every kind of event shows."""

    themes = RelatedList(Theme, required=False, help_text=_("What it was about."))
    participations = ParticipationSerializer(many=True, required=False)
    links = LinkSerializer(many=True, required=False)
    linked_from = LinkHereSerializer(many=True, read_only=True, source="links_here")

    ROWS = ["participations", "links", "linked_from"]


class MeetingSerializer(EventSerializer):
    """People of two or more bodies who spoke with each other."""

    class Meta:
        model = Meeting
        fields = [*Meeting.columns, *EventSerializer.ROWS]


class AgreementSerializer(EventSerializer):
    """What two or more bodies undertook together, dated when they concluded it."""

    provisions = ProvisionSerializer(many=True, required=False)

    class Meta:
        model = Agreement
        fields = [*Agreement.columns, "provisions", *EventSerializer.ROWS]


class DeploymentSerializer(EventSerializer):
    """Forces that went somewhere to do something, for a time."""

    class Meta:
        model = Deployment
        fields = [*Deployment.columns, *EventSerializer.ROWS]


class MilestoneSerializer(EventSerializer):
    """One event of note: a declaration, a policy, a tariff, an election."""

    class Meta:
        model = Milestone
        fields = [*Milestone.columns, *EventSerializer.ROWS]


class TimelineSerializer(EventSerializer):
    """One event of any kind, with what all kinds have.

    What only its kind has, and the citations of that, are at its ``url``.
    """

    self = Address(Event.collection)
    url = Address(help_text=_("Where all of it is, in the collection of its kind."))

    class Meta:
        model = Event
        fields = ["type", "url", *Event.columns, "participations"]

    def fetched_rows(self, field, model, everything):
        rows = super().fetched_rows(field, model, everything)
        if field.field_name == "citations":
            return rows.filter(field__in=["", *Event.citable])
        return rows


class EventFilter(DatedFilter):
    """What every kind of event can be asked for."""

    official = BySlug(
        Official, _("The slug of an official who took part."), method="by_official"
    )
    agency = BySlug(
        Agency,
        _("The slug of an agency that took part, itself or by one in office there."),
        method="by_agency",
    )
    place = BySlug(
        Place, _("The slug of the place, or of one that it lies in."), below=True
    )
    theme = BySlug(
        Theme, _("The slug of a theme, or of a wider one."), method="by_theme"
    )

    def by_official(self, events, name, official):
        return with_official(events, official)

    def by_agency(self, events, name, agency):
        return with_agency(events, agency)

    def by_theme(self, events, name, theme):
        rows = EventTheme.objects.filter(theme__in=seen_below(theme, self.everything))
        return events.filter(pk__in=rows.values("event"))


class MeetingFilter(EventFilter):
    """What meetings can be asked for."""

    # Not "format": that word asks for the form of the answer.
    meeting_format = ByWord(Meeting.Format, field_name="format")
    requested_by = BySlug(Official, _("The slug of the official who asked for it."))


class AgreementFilter(EventFilter):
    """What agreements can be asked for."""

    kind = ByWord(Agreement.Kind)
    state = ByWord(Agreement.State)
    concluded_at = BySlug(Meeting, _("The slug of the meeting that concluded it."))


class DeploymentFilter(EventFilter):
    """What deployments can be asked for."""

    kind = ByWord(Deployment.Kind)


class MilestoneFilter(EventFilter):
    """What milestones can be asked for."""

    kind = ByWord(Milestone.Kind)


class TimelineFilter(EventFilter):
    """What the timeline can be asked for."""

    type = ByWord(Event.Type)


class MeetingView(WritableRecordView):
    """Meetings: who spoke with whom, where and about what."""

    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    default_order = "start"


class AgreementView(WritableRecordView):
    """Agreements, with what they provide."""

    serializer_class = AgreementSerializer
    filterset_class = AgreementFilter
    default_order = "start"


class DeploymentView(WritableRecordView):
    """Deployments: which forces went where, how many, and what for."""

    serializer_class = DeploymentSerializer
    filterset_class = DeploymentFilter
    default_order = "start"


class MilestoneView(WritableRecordView):
    """Milestones: declarations, policies, tariffs, elections and other turns."""

    serializer_class = MilestoneSerializer
    filterset_class = MilestoneFilter
    default_order = "start"


class TimelineView(RecordView):
    """The timeline: events of all kinds in one stream; they are written at theirs."""

    serializer_class = TimelineSerializer
    filterset_class = TimelineFilter
    default_order = "start"


class MetricSerializer(RecordSerializer):
    """One thing that is counted or measured, and in what unit."""

    class Meta:
        model = Metric
        fields = [*Metric.columns]


class MetricFilter(CitedFilter):
    """What metrics can be asked for."""

    kind = ByWord(Metric.Kind)


class MetricView(WritableRecordView):
    """Metrics: what is measured, and in what unit."""

    serializer_class = MetricSerializer
    filterset_class = MetricFilter


class ObservationSerializer(RecordSerializer):
    """One value of a metric, as reported, over one window of time."""

    class Meta:
        model = Observation
        fields = [*Observation.columns]


class ObservationFilter(DatedFilter):
    """What observations can be asked for."""

    metric = BySlug(Metric)
    place = BySlug(
        Place, _("The slug of the place, or of one that it lies in."), below=True
    )
    reported_by = BySlug(Agency, _("The slug of the agency whose figure it is."))
    modality = ByWord(Observation.Modality)
    value_missing = ByWord(Observation.Missing)


class ObservationView(WritableRecordView):
    """Observations: what was measured, when, where and by whom."""

    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter
    default_order = "start"


class PackageView(ApiView):
    """The whole public record in one file, a data package, with every claim."""

    name = "package"

    def perform_content_negotiation(self, request, force=False):
        """Whoever asks for the file may accept that alone."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        responses={(200, ZIP_TYPE): OpenApiTypes.BINARY},
        description=_(
            "All that is published as one file: a zip of CSV files, "
            "described by its `datapackage.json` (Frictionless Data "
            "Package). `claims.csv` has for each value every source that "
            "supports or contradicts it."
        ),
    )
    def get(self, request):
        blocks = package(public=True, with_claims=True)
        return download(blocks, "bordersec.zip", ZIP_TYPE)


VIEWS = [
    ThemeView,
    MeetingView,
    AgreementView,
    DeploymentView,
    MilestoneView,
    MetricView,
    ObservationView,
    TimelineView,
]
