"""Events, with their participations, links and themes."""

from collections import defaultdict

from django.db import models
from django.db.models import F, FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from entities.models import Agency, Appointment, Official, Place
from provenance.db.batches import batches
from provenance.db.keyset import Along
from provenance.db.trees import Tree, not_above_itself
from provenance.models import (
    BY_DATE,
    BY_NAME,
    Attestation,
    Citation,
    DatedRecordQuerySet,
    Dispute,
    Name,
    Record,
    attests,
    by_length,
    cites,
    disputes,
    in_order,
    name_constraints,
)
from provenance.tracking.tracked import Tracked
from provenance.values.contradiction import Contradiction
from provenance.values.dates import Dated
from provenance.values.stated_values import split_list
from provenance.values.text import Line, Prose, Word
from provenance.values.translations import originals, translation_of


class Theme(Tree, Record):
    """One term of the vocabulary of what events are about."""

    above = "broader"  # as in SKOS
    collection = "themes"
    about = "Themes: the vocabulary of what events are about."
    loading_order = -1  # before all that can be about them
    searched = (
        "name",
        "definition",
        "name_es",
        "definition_es",
        "public_note",
        "public_note_es",
    )
    searched_rows = named_by = ("names",)
    columns = ("name", "name_es", "definition", "definition_es", "broader")
    lists = {"names": ()}
    citable = (*originals(columns), *lists)
    described = citable
    schema_org = "DefinedTerm"

    name = Line(help_text=_("The preferred term."))
    name_es = translation_of(name, _("Spanish name"))
    definition = Prose(blank=True, help_text=_("What is meant by it, and what is not."))
    definition_es = translation_of(definition, _("Spanish definition"))
    broader = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
        help_text=_("The wider term that it falls under."),
    )

    class Meta:
        ordering = ["slug"]
        indexes = in_order(BY_NAME)
        constraints = [not_above_itself("broader")]

    def listed(self, name):
        return [row.text for row in self.names.all()]


class ThemeName(Name):
    """Another term for a theme, by which it is found: ``altLabel`` in SKOS."""

    collection = "theme_names"
    owner = "theme"

    theme = models.ForeignKey(
        Theme, models.CASCADE, related_name="names", help_text=_("Whose term it is.")
    )

    class Meta(Name.Meta):
        abstract = False
        constraints = name_constraints("theme")


class EventQuerySet(Along, DatedRecordQuerySet):
    """Events, which can be those that one party attended."""

    BY_PARTY = ("start_earliest", "end_latest", "type")  # what stands in that index

    def attended_by(self, **party):
        """Those at which this official or this agency was, along the index of that."""
        of_party = {f"attendances__{name}": key for name, key in party.items()}
        attended = FilteredRelation("attendances", condition=Q(**of_party))
        events = self.alias(attended=attended).filter(attended__isnull=False)
        stored = {name: f"attended__{name}" for name in self.BY_PARTY}
        key = "attended__event_id"
        return events.going_along(id=key, pk=key, **stored)

    def by_length(self, when):
        return [] if self.along else super().by_length(when)

    def by_status(self):
        return [] if self.along else super().by_status()


class Event(Dated, Record):
    """Something that happened: what all kinds of event share, as one stream."""

    class Type(models.TextChoices):
        MEETING = "meeting", _("meeting")
        AGREEMENT = "agreement", _("agreement")
        DEPLOYMENT = "deployment", _("deployment")
        MILESTONE = "milestone", _("milestone")

    kept_by_its_kinds = "type"  # which of them keeps one
    listed_in_the_past_by = BY_DATE
    LASTING = {Type.DEPLOYMENT}  # every other type ends when it starts

    collection = "timeline"
    label_field = "title"
    searched = (
        "title",
        "summary",
        "title_es",
        "summary_es",
        "public_note",
        "public_note_es",
    )
    searched_rows = ("agreement__names", "agreement__provisions")  # of that kind alone
    named_by = ("agreement__names",)
    columns = (
        "title",
        "title_es",
        "summary",
        "summary_es",
        "start",
        "end",
        "place",
        "themes",
    )
    lists = {"themes": (Theme,), "participations": (Official, Agency)}
    citable = (*originals(columns), "participations")
    described = ("title", "summary", "kind")
    told_apart_by = ("participations",)
    schema_org = "Event"
    schema_org_columns = {"place": "location"}
    place_path = "place"

    type = Word(
        choices=Type,
        editable=False,
        help_text=_("The type of event, which is the table with its other fields."),
    )
    title = Line(max_length=1000, help_text=_("What happened, in a few words."))
    title_es = translation_of(title, _("Spanish title"))
    summary = Prose(blank=True, help_text=_("What happened, in our own words."))
    summary_es = translation_of(summary, _("Spanish summary"))
    place = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        help_text=_("Where it happened."),
    )
    themes = models.ManyToManyField(
        Theme,
        through="EventTheme",
        related_name="events",
        blank=True,
        help_text=_("What it was about."),
    )

    objects = EventQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["start_earliest", "id"]
        indexes = [
            *in_order("start_earliest"),
            by_length("timeline_event"),
            models.Index(fields=["end_latest"]),
            # The public lists of one kind.
            models.Index(fields=["status", "type", "start_earliest", "id"]),
            models.Index(fields=["status", "type", BY_NAME, "id"]),
            models.Index(fields=["status", "type", "slug"]),
            models.Index(fields=["status", "type", "updated_at", "id"]),
            models.Index(fields=["type", "start_earliest", "slug"]),  # and of curators
        ]

    @property
    def record_type(self):
        return self.type

    def save(self, *args, **kwargs):
        """Saves as its kind; refused here, where half of it would get no history."""
        if type(self) is Event:
            raise TypeError("An event is saved as its kind: event.specific.save().")
        super().save(*args, **kwargs)

    @property
    def lasts(self):
        """Whether an empty end is one not known, instead of the start itself."""
        return self.type in self.LASTING

    @classmethod
    def that_last(cls):
        words = sorted(cls.LASTING)
        return tuple(Event._meta.get_field(word).related_model for word in words)

    @property
    def specific(self):
        """The same event as its own kind, with the columns that only this kind has."""
        return getattr(self, self.type) if type(self) is Event else self

    @property
    def parties(self):
        """The officials and agencies in it, each once, in whatever roles."""
        return list(dict.fromkeys(row.party for row in self.participations.all()))

    def holder_of(self, name):
        return self if not name or name in Event.citable else self.specific

    @classmethod
    def kinds_of(cls, keys):
        if cls is not Event:
            return super().kinds_of(keys)
        types = Event._base_manager.filter(pk__in=keys).values_list("pk", "type")
        return {key: cls._meta.get_field(word).related_model for key, word in types}

    def kind_of_dispute(self, name, stated):
        if name == "participations" and self._names_former_holders(stated):
            return Contradiction.STALE
        return super().kind_of_dispute(name, stated)

    def _names_former_holders(self, stated):
        """Whether somebody whom only the source names had left an office of theirs."""
        rows = [row for row in self.participations.all() if row.official_id]
        strangers = set(split_list(stated)) - {row.party.slug for row in rows}
        held = getattr(self, "offices_held", None)
        if held is None:  # nobody has looked ahead
            held = Appointment.objects.filter(
                official__in=[row.official_id for row in rows]
            ).select_related("post")
        return any(
            appointment.followed(slug) for slug in strangers for appointment in held
        )

    @classmethod
    def look_ahead(cls, statements):
        events = [
            event for event, name, _stated in statements if name == "participations"
        ]
        officials = {
            event: {row.official_id for row in event.participations.all()}
            for event in events
        }
        held = defaultdict(list)
        for batch in batches(set().union(*officials.values()) - {None}):
            of_these = Appointment.objects.filter(official__in=batch)
            for appointment in of_these.select_related("post"):
                held[appointment.official_id].append(appointment)
        Appointment.with_others_in_office(
            appointment for several in held.values() for appointment in several
        )
        for event, keys in officials.items():
            event.offices_held = [row for key in keys for row in held[key]]

    def listed(self, name):
        if name == "themes":
            return [theme.slug for theme in self.themes.all()]
        return [row.party.slug for row in self.participations.all()]


class EventTheme(Tracked):
    """One event is about one theme."""

    owner = "event"

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="theme_rows", help_text=_("The event.")
    )
    theme = models.ForeignKey(
        Theme,
        models.PROTECT,
        related_name="event_rows",
        help_text=_("What it is about."),
    )

    class Meta:
        ordering = ["event_id", "theme"]
        verbose_name = _("theme of an event")
        verbose_name_plural = _("themes of events")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "theme"],
                name="timeline_event_theme_once",
                violation_error_message=_("The event already has this theme."),
            ),
        ]

    def __str__(self):
        return f"{self.event}: {self.theme}"


class EventLink(Tracked):
    """One event is the cause, a part, the price or the successor of another.

    Or perhaps the same one, where sources do not show whether they tell of one event.
    """

    collection = "event_links"
    owner = "event"

    class Kind(models.TextChoices):
        RESULTED_IN = "resulted-in", _("resulted in")
        FOLLOWS = "follows", _("follows")
        PART_OF = "part-of", _("is part of")
        IN_EXCHANGE_FOR = "in-exchange-for", _("in exchange for")
        SUPERSEDES = "supersedes", _("supersedes")
        POSSIBLY_SAME_AS = "possibly-same-as", _("possibly the same as")

    event = models.ForeignKey(
        Event,
        models.CASCADE,
        related_name="links",
        help_text=_("The event that the link is read from."),
    )
    kind = Word(choices=Kind, help_text=_("How the two are linked."))
    target = models.ForeignKey(
        Event,
        models.PROTECT,
        related_name="links_here",
        help_text=_("The event that it leads to."),
    )

    class Meta:
        ordering = ["event_id", "kind", "target"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "kind", "target"],
                name="timeline_link_recorded_once",
                violation_error_message=_("This link is already on record."),
            ),
            models.CheckConstraint(
                condition=~Q(event=F("target")),
                name="timeline_link_to_another",
                violation_error_message=_("An event is not linked to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.event} {self.get_kind_display()} {self.target}"


class ThemeCitation(Citation):
    """One source on one theme."""

    record = cites(Theme)

    class Meta(Citation.Meta):
        abstract = False


class ThemeDispute(Dispute):
    """One contradiction about one theme."""

    record = disputes(Theme)

    class Meta(Dispute.Meta):
        abstract = False


class EventCitation(Citation):
    """One source on one event of whichever kind."""

    record = cites(Event)

    class Meta(Citation.Meta):
        abstract = False


class EventAttestation(Attestation):
    """What was last attested of one event."""

    record = attests(Event)


class EventDispute(Dispute):
    """One contradiction about one event."""

    record = disputes(Event)

    class Meta(Dispute.Meta):
        abstract = False
