"""Places, agencies, officials, posts and appointments in the API."""

from django.utils.translation import gettext_lazy as _

from provenance.api.filters import BySlug, ByWord, CitedFilter, DatedFilter
from provenance.api.serializers import NameSerializer, RecordSerializer, RowSerializer
from provenance.api.writes import WritableRecordView

from .models import Agency, Appointment, Official, OfficialIdentifier, Place, Post


class PlaceSerializer(RecordSerializer):
    """A country, a state, a sector, a city, a site or a stretch of sea or land."""

    class Meta:
        model = Place
        fields = [*Place.columns]


class PlaceFilter(CitedFilter):
    """What places can be asked for."""

    kind = ByWord(Place.Kind)
    parent = BySlug(Place, _("The slug of the place that it lies in."))


class PlaceView(WritableRecordView):
    """Places, each within a larger one."""

    serializer_class = PlaceSerializer
    filterset_class = PlaceFilter


class AgencySerializer(RecordSerializer):
    """One body that acts, under whatever names it has had."""

    names = NameSerializer(many=True, required=False)

    class Meta:
        model = Agency
        fields = [*Agency.columns, "names"]


class AgencyFilter(DatedFilter):
    """What agencies can be asked for."""

    kind = ByWord(Agency.Kind)
    country = BySlug(Place, _("The slug of the country that it belongs to."))
    parent = BySlug(Agency, _("The slug of the agency that it is part of."))


class AgencyView(WritableRecordView):
    """Agencies, with all the names that they have had."""

    serializer_class = AgencySerializer
    filterset_class = AgencyFilter


class IdentifierSerializer(RowSerializer):
    """What an official is called in another database."""

    key = ("scheme", "value")

    class Meta(RowSerializer.Meta):
        model = OfficialIdentifier
        fields = ["scheme", "value"]


class OfficialSerializer(RecordSerializer):
    """One person who acts for an agency, or is heard as an expert."""

    names = NameSerializer(many=True, required=False)
    identifiers = IdentifierSerializer(many=True, required=False)

    class Meta:
        model = Official
        fields = [*Official.columns, "names", "identifiers"]


class OfficialFilter(CitedFilter):
    """What officials can be asked for."""


class OfficialView(WritableRecordView):
    """Officials, with all the names that sources give them."""

    serializer_class = OfficialSerializer
    filterset_class = OfficialFilter


class PostSerializer(RecordSerializer):
    """One office at an agency, apart from whoever holds it."""

    class Meta:
        model = Post
        fields = [*Post.columns]


class PostFilter(DatedFilter):
    """What posts can be asked for."""

    agency = BySlug(Agency, _("The slug of the agency that the office is at."))


class PostView(WritableRecordView):
    """Posts: the offices, apart from whoever holds them."""

    serializer_class = PostSerializer
    filterset_class = PostFilter


class AppointmentSerializer(RecordSerializer):
    """One official in one post, for as long as it lasted."""

    class Meta:
        model = Appointment
        fields = [*Appointment.columns]


class AppointmentFilter(DatedFilter):
    """What appointments can be asked for."""

    official = BySlug(Official)
    post = BySlug(Post)
    agency = BySlug(Agency, field_name="post__agency")
    kind = ByWord(Appointment.Kind)


class AppointmentView(WritableRecordView):
    """Appointments: who held which office, and when."""

    serializer_class = AppointmentSerializer
    filterset_class = AppointmentFilter
    default_order = "start"


VIEWS = [PlaceView, AgencyView, OfficialView, PostView, AppointmentView]
