"""Places, agencies, officials, posts and appointments in the API."""

from django.utils.translation import gettext_lazy as _

from provenance.api.fields import RelatedList
from provenance.api.filters import CitedFilter, DatedFilter, filter_of
from provenance.api.parameters import ByRow, BySlug, ByWord
from provenance.api.row_serializers import NameSerializer, RowSerializer
from provenance.api.serializers import RecordSerializer, serializer_of

from .models import (
    Agency,
    AgencyArea,
    Appointment,
    Official,
    OfficialIdentifier,
    Place,
    Post,
)


@filter_of.register(Place)
class PlaceFilter(CitedFilter):
    """What places can be asked for."""

    kind = ByWord(Place.Kind)
    parent = BySlug(Place, _("The slug of the place that it lies in."))
    area_of = ByRow(
        AgencyArea,
        "agency",
        "place",
        _("The slug of an agency that is responsible for it, or focuses on it."),
        label=_("in the area of responsibility of"),
    )


@serializer_of.register(Agency)
class AgencySerializer(RecordSerializer):
    """One body that acts, under whatever names it has had."""

    areas = RelatedList(
        Place, required=False, help_text=Agency._meta.get_field("areas").help_text
    )
    names = NameSerializer(many=True, required=False)

    class Meta:
        model = Agency
        fields = [*Agency.columns, "names"]


@filter_of.register(Agency)
class AgencyFilter(DatedFilter):
    """What agencies can be asked for."""

    kind = ByWord(Agency.Kind)
    country = BySlug(Place, _("The slug of the country that it belongs to."))
    parent = BySlug(Agency, _("The slug of the agency that it is part of."))
    area = ByRow(
        AgencyArea,
        "place",
        "agency",
        _("The slug of a place that it is responsible for, or focuses on."),
        label=Agency._meta.get_field("areas").verbose_name,
    )


class IdentifierSerializer(RowSerializer):
    """What an official is called in another database."""

    key = ("scheme", "value")

    class Meta(RowSerializer.Meta):
        model = OfficialIdentifier
        fields = ["scheme", "value"]


@serializer_of.register(Official)
class OfficialSerializer(RecordSerializer):
    """One person who acts for an agency, or is heard as an expert."""

    names = NameSerializer(many=True, required=False)
    identifiers = IdentifierSerializer(many=True, required=False)

    class Meta:
        model = Official
        fields = [*Official.columns, "names", "identifiers"]


@filter_of.register(Post)
class PostFilter(DatedFilter):
    """What posts can be asked for."""

    kind = ByWord(Post.Kind)
    agency = BySlug(Agency, _("The slug of the agency that the office is at."))


@filter_of.register(Appointment)
class AppointmentFilter(DatedFilter):
    """What appointments can be asked for."""

    official = BySlug(Official)
    post = BySlug(Post)
    agency = BySlug(Agency, field_name="post__agency")
    kind = ByWord(Appointment.Kind)
