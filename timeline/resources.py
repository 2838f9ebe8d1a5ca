"""The tables of events, metrics and observations as CSV."""

from provenance.resources import Cell, SlugWidget, TableResource, record_columns

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


class ThemeResource(TableResource):
    """Themes."""

    class Meta:
        model = Theme
        fields = record_columns(Theme)


class MeetingResource(TableResource):
    """Meetings."""

    class Meta:
        model = Meeting
        fields = record_columns(Meeting)


class AgreementResource(TableResource):
    """Agreements."""

    class Meta:
        model = Agreement
        fields = record_columns(Agreement)


class ProvisionResource(TableResource):
    """What agreements provide."""

    class Meta:
        model = Provision
        fields = ("agreement", "position", "text", "theme")
        import_id_fields = ("agreement", "position")


class DeploymentResource(TableResource):
    """Deployments."""

    class Meta:
        model = Deployment
        fields = record_columns(Deployment)


class MilestoneResource(TableResource):
    """Milestones."""

    class Meta:
        model = Milestone
        fields = record_columns(Milestone)


class ParticipationResource(TableResource):
    """Who took part in which event."""

    class Meta:
        model = Participation
        fields = ("event", "official", "agency", "role", "appointment")
        import_id_fields = ("event", "official", "agency", "role")


class EventLinkResource(TableResource):
    """What links events."""

    class Meta:
        model = EventLink
        fields = ("event", "kind", "target")
        import_id_fields = ("event", "kind", "target")


class MetricResource(TableResource):
    """Metrics."""

    class Meta:
        model = Metric
        fields = record_columns(Metric)


class ObservationResource(TableResource):
    """Observations."""

    class Meta:
        model = Observation
        fields = record_columns(Observation)


def of_kind(rows, kind):
    """The table of rows of events, narrowed to those of one kind of event."""
    model = rows._meta.model

    class Rows(rows):
        event = Cell(model._meta.get_field("event"), SlugWidget(kind))

        def base_rows(self):
            return super().base_rows().filter(event__type=kind.type_name())

        def owners(self):
            return kind._default_manager.all()

    return Rows
