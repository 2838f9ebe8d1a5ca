"""The table of what belongs to officials, as CSV."""

from provenance.resources import TableResource, resource_of

from .models import OfficialIdentifier


@resource_of.register(OfficialIdentifier)
class OfficialIdentifierResource(TableResource):
    """What officials are called in other databases."""

    class Meta:
        model = OfficialIdentifier
        fields = ("official", "scheme", "value")
        import_id_fields = ("official", "scheme", "value")
