"""The tables of what belongs to events, as CSV."""

from provenance.resources import TableResource, resource_of

from .models import EventLink, Participation, Provision


@resource_of.register(Provision)
class ProvisionResource(TableResource):
    """What agreements provide."""

    class Meta:
        model = Provision
        fields = ("agreement", "position", "text", "theme")
        import_id_fields = ("agreement", "position")


@resource_of.register(Participation)
class ParticipationResource(TableResource):
    """Who took part in which event."""

    may_lack = ("date",)

    class Meta:
        model = Participation
        fields = (
            *("event", "official", "agency", "role", "date", "effective"),
            "appointment",
        )
        import_id_fields = ("event", "official", "agency", "role", "date")


@resource_of.register(EventLink)
class EventLinkResource(TableResource):
    """What links events."""

    class Meta:
        model = EventLink
        fields = ("event", "kind", "target")
        import_id_fields = ("event", "kind", "target")
