"""The tables of places, agencies, officials, posts and appointments as CSV."""

from provenance.resources import TableResource, record_columns

from .models import (
    Agency,
    AgencyName,
    Appointment,
    Official,
    OfficialIdentifier,
    OfficialName,
    Place,
    Post,
)


class PlaceResource(TableResource):
    """Places."""

    class Meta:
        model = Place
        fields = record_columns(Place)


class AgencyResource(TableResource):
    """Agencies."""

    class Meta:
        model = Agency
        fields = record_columns(Agency)


class AgencyNameResource(TableResource):
    """The names of agencies."""

    class Meta:
        model = AgencyName
        fields = ("agency", "text", "kind", "language", "start", "end")
        import_id_fields = ("agency", "text", "kind", "language")


class OfficialResource(TableResource):
    """Officials."""

    class Meta:
        model = Official
        fields = record_columns(Official)


class OfficialNameResource(TableResource):
    """The names of officials."""

    class Meta:
        model = OfficialName
        fields = ("official", "text", "kind", "language", "start", "end")
        import_id_fields = ("official", "text", "kind", "language")


class OfficialIdentifierResource(TableResource):
    """What officials are called in other databases."""

    class Meta:
        model = OfficialIdentifier
        fields = ("official", "scheme", "value")
        import_id_fields = ("official", "scheme", "value")


class PostResource(TableResource):
    """Posts."""

    class Meta:
        model = Post
        fields = record_columns(Post)


class AppointmentResource(TableResource):
    """Appointments."""

    class Meta:
        model = Appointment
        fields = record_columns(Appointment)
