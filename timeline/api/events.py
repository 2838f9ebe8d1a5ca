"""Events, themes and the timeline in the API."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Appointment, Official, Place
from provenance.api.fields import Address, Related, RelatedList, Word
from provenance.api.filters import CitedFilter, DatedFilter, filter_of
from provenance.api.json_members import json_of
from provenance.api.json_pieces import in_quotes
from provenance.api.parameters import BySlug, ByWord, Parameter
from provenance.api.row_serializers import NameSerializer, RowSerializer
from provenance.api.serializers import RecordSerializer, serializer_of
from provenance.api.views import RecordView
from provenance.db.few import named_in

from ..chronicle import with_agency, with_official, with_role
from ..models import (
    Agreement,
    Event,
    EventLink,
    EventTheme,
    Meeting,
    Participation,
    Provision,
    Theme,
)


@serializer_of.register(Theme)
class ThemeSerializer(RecordSerializer):
    """One term of the vocabulary, with the other terms for the same."""

    names = NameSerializer(many=True, required=False)

    class Meta:
        model = Theme
        fields = [*Theme.columns, "names"]


@filter_of.register(Theme)
class ThemeFilter(CitedFilter):
    """What themes can be asked for."""

    broader = BySlug(Theme, _("The slug of the wider term that it falls under."))


class ByTheme(BySlug):
    """Those about themes of these slugs, or about narrower ones."""

    def __init__(self):
        description = _("The slug of a theme, or of a wider one.")
        super().__init__(Theme, description, below=True, by="by_theme", several=True)


class ParticipationSerializer(RowSerializer):
    """One official or agency in an event, in one role: what it did there, and when."""

    key = ("official", "agency", "role", "date")
    needs = ("official", "agency")

    appointments = RelatedList(
        Appointment,
        required=False,
        help_text=_("The offices in whose capacity the person took part."),
    )

    class Meta(RowSerializer.Meta):
        model = Participation
        fields = ["role", "official", "agency", "date", "effective", "appointments"]


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
        fields = ["position", "text", "text_es", "theme"]


@serializer_of.register(Event)
class EventSerializer(RecordSerializer):
    """What every kind of event shows."""

    ROWS = ["participations", "links", "linked_from"]

    themes = RelatedList(Theme, required=False, help_text=_("What it was about."))
    participations = ParticipationSerializer(many=True, required=False)
    links = LinkSerializer(many=True, required=False)
    linked_from = LinkHereSerializer(many=True, read_only=True, source="links_here")


class CurrentState(Word):
    """The state of an agreement, stated or reached."""


@json_of.register(CurrentState)
def _current_state(field, serializer):
    return in_quotes(Agreement.current_states())


@serializer_of.register(Agreement)
class AgreementSerializer(EventSerializer):
    """What two or more bodies undertook together, dated when they concluded it."""

    names = NameSerializer(many=True, required=False)
    provisions = ProvisionSerializer(many=True, required=False)
    current_state = CurrentState(
        Agreement.State.choices,
        read_only=True,
        help_text=_(
            "The state as it is recorded; where that is empty, the one that its dates "
            "have come to today."
        ),
    )

    class Meta:
        model = Agreement
        fields = [
            *Agreement.columns,
            "current_state",
            "names",
            "provisions",
            *EventSerializer.ROWS,
        ]


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


@filter_of.register(Event)
class EventFilter(DatedFilter):
    """What every kind of event can be asked for."""

    leading = ("official", "agency")

    official = BySlug(
        Official,
        _("The slug of an official who took part."),
        by="by_official",
        several=True,
    )
    agency = BySlug(
        Agency,
        _("The slug of an agency that took part, itself or by one in office there."),
        by="by_agency",
        several=True,
    )
    place = BySlug(
        Place, _("The slug of the place, or of one that it lies in."), below=True
    )
    theme = ByTheme()
    role = ByWord(
        Participation.Role,
        _("In which role somebody took part: whoever official or agency asks for."),
        by="by_role",
        several=True,
    )

    def by_official(self, events, officials, excluded):
        return with_official(events, *officials, excluded=excluded)

    def by_agency(self, events, agencies, excluded):
        return with_agency(events, *agencies, excluded=excluded)

    def by_role(self, events, roles, excluded):
        parties = {name: self.form.cleaned_data[name] for name in self.leading}
        return with_role(
            events, roles, parties, excluded=excluded, everything=self.everything
        )

    def by_theme(self, events, themes, excluded):
        rows = EventTheme.objects.filter(theme__in=themes)
        return named_in(events, rows, "event", excluded)


@filter_of.register(Meeting)
class MeetingFilter(EventFilter):
    """What meetings can be asked for."""

    # Not "format": that word asks for the form of the answer.
    meeting_format = ByWord(Meeting.Format, field_name="format")
    requested_by = BySlug(Official, _("The slug of the official who asked for it."))


@filter_of.register(Agreement)
class AgreementFilter(EventFilter):
    """What agreements can be asked for."""

    kind = ByWord(Agreement.Kind)
    state = ByWord(
        Agreement.State,
        _("The state as it is recorded, or else the one that its dates have come to."),
        by="by_state",
    )
    depositary = BySlug(Agency, _("The slug of the body that keeps it."))
    registration_number = Parameter(_("Its number in a register of treaties."))
    concluded_at = BySlug(Meeting, _("The slug of the meeting that concluded it."))

    def by_state(self, agreements, states, excluded):
        of_these = Q(now__in=[str(state) for state in states])
        agreements = agreements.alias(now=Agreement.current_states())
        return agreements.filter(~of_these if excluded else of_these)


class TimelineFilter(EventFilter):
    """What the timeline can be asked for."""

    type = ByWord(Event.Type)


class TimelineView(RecordView):
    """The timeline: events of all kinds in one stream; they are written at theirs."""

    serializer_class = TimelineSerializer
    filterset_class = TimelineFilter
    default_order = "start"
