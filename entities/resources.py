"""The tables of what belongs to agencies and officials, as CSV."""

from provenance.resources import TableResource, resource_of

from .models import AgencyName, OfficialIdentifier, OfficialName


@resource_of.register(AgencyName)
class AgencyNameResource(TableResource):
    """The names of agencies."""

    class Meta:
        model = AgencyName
        fields = ("agency", "text", "kind", "language", "start", "end")
        import_id_fields = ("agency", "text", "kind", "language")


@resource_of.register(OfficialName)
class OfficialNameResource(TableResource):
    """The names of officials."""

    class Meta:
        model = OfficialName
        fields = ("official", "text", "kind", "language", "start", "end")
        import_id_fields = ("official", "text", "kind", "language")


@resource_of.register(OfficialIdentifier)
class OfficialIdentifierResource(TableResource):
    """What officials are called in other databases."""

    class Meta:
        model = OfficialIdentifier
        fields = ("official", "scheme", "value")
        import_id_fields = ("official", "scheme", "value")
