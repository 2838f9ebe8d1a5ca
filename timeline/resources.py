"""The tables of events, metrics and observations as CSV."""

from provenance.resources import TableResource, record_columns

from .models import (
    Agreement,
    Deployment,
    EventLink,
    Meeting,
    Metric,
    Milestone,
    Observation,
    Participation,
    Provision,
    Theme,
)

EVENT_COLUMNS = ("title", "summary", "start", "end", "place", "themes")


class ThemeResource(TableResource):
    """Themes."""

    class Meta:
        model = Theme
        fields = record_columns("name", "definition", "broader")


class MeetingResource(TableResource):
    """Meetings."""

    class Meta:
        model = Meeting
        fields = record_columns(*EVENT_COLUMNS, "format", "requested_by")


class AgreementResource(TableResource):
    """Agreements."""

    class Meta:
        model = Agreement
        fields = record_columns(*EVENT_COLUMNS, "kind", "state", "concluded_at")


class ProvisionResource(TableResource):
    """What agreements provide."""

    owner = "agreement"

    class Meta:
        model = Provision
        fields = ("agreement", "position", "text", "theme")
        import_id_fields = ("agreement", "position")


class DeploymentResource(TableResource):
    """Deployments."""

    class Meta:
        model = Deployment
        fields = record_columns(*EVENT_COLUMNS, "kind", "personnel", "mission")


class MilestoneResource(TableResource):
    """Milestones."""

    class Meta:
        model = Milestone
        fields = record_columns(*EVENT_COLUMNS, "kind")


class ParticipationResource(TableResource):
    """Who took part in which event."""

    owner = "event"

    class Meta:
        model = Participation
        fields = ("event", "official", "agency", "role", "appointment")
        import_id_fields = ("event", "official", "agency", "role")


class EventLinkResource(TableResource):
    """What links events."""

    owner = "event"

    class Meta:
        model = EventLink
        fields = ("event", "kind", "target")
        import_id_fields = ("event", "kind", "target")


class MetricResource(TableResource):
    """Metrics."""

    class Meta:
        model = Metric
        fields = record_columns("name", "unit", "kind", "definition")


class ObservationResource(TableResource):
    """Observations."""

    class Meta:
        model = Observation
        fields = record_columns(
            "metric",
            "value",
            "value_missing",
            "start",
            "end",
            "baseline_start",
            "baseline_end",
            "place",
            "population",
            "reported_by",
            "modality",
        )
