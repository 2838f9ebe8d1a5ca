"""Posts and appointments: offices, and who held them when."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from provenance.db.batches import batches
from provenance.models import (
    BY_DATE,
    BY_NAME,
    Attestation,
    Citation,
    DatedRecordQuerySet,
    Dispute,
    Record,
    attests,
    by_length,
    cites,
    disputes,
    in_order,
)
from provenance.values.contradiction import Contradiction
from provenance.values.dates import (
    Dated,
)
from provenance.values.text import Line, Word
from provenance.values.translations import originals, translation_of

from .agency import Agency
from .official import Official


class Post(Dated, Record):
    """One office at an agency, apart from whoever holds it."""

    class Kind(models.TextChoices):
        HEAD = "head", _("head of the agency")
        DEPUTY = "deputy", _("deputy of the head")
        LIAISON = "liaison", _("liaison officer")
        STAFF = "staff", _("member of staff")

    collection = "posts"
    about = "Posts: the offices, apart from whoever holds them."
    label_field = "title"
    searched = ("title", "title_es", "public_note", "public_note_es")
    columns = ("title", "title_es", "kind", "agency", "seats", "start", "end")
    citable = originals(columns)
    described = ("title", "kind")
    public_through = ("agency",)
    told_apart_by = ("agency",)
    is_reconciled = True
    opposed_by = "appointment"
    schema_org = "Role"

    title = Line(help_text=_("What the office is called."))
    title_es = translation_of(title, _("Spanish title"))
    kind = Word(
        choices=Kind,
        blank=True,
        help_text=_("Whether who holds it heads the agency; empty if not classed."),
    )
    agency = models.ForeignKey(
        Agency,
        models.PROTECT,
        related_name="posts",
        help_text=_("Where the office is."),
    )
    seats = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(32767)],
        help_text=_("How many may hold it at one time; empty for any number."),
    )

    objects = DatedRecordQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["slug"]
        indexes = in_order(BY_NAME)
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(seats=None) | Q(seats__gte=1),
                name="entities_post_with_a_seat",
                violation_error_message=_("A post has at least one seat."),
            ),
        ]


class AppointmentQuerySet(DatedRecordQuerySet):
    """Who held which office when."""

    def at(self, agency):
        """Those at this agency."""
        return self.filter(post__agency=agency)

    def heading(self, *agencies):
        """Those by which somebody heads one of these agencies."""
        return self.filter(post__agency__in=agencies, post__kind=Post.Kind.HEAD)

    def unheard_of_since(self, day):
        """Those said to go on, or of whose end nobody knows, of which nothing is known
        since that day: neither that they had not ended, nor from any source.
        """
        lately = Q(end_earliest__gte=day, end_earliest__lt=date.max)
        heard = Q(as_of_earliest__gte=day) | Q(source__published_earliest__gte=day)
        heard = self.model.citation_model().objects.filter(heard, record=OuterRef("pk"))
        return self.filter(~Exists(heard), end_latest=date.max).exclude(lately)


class Appointment(Dated, Record):
    """One official in one post, for as long as it lasted."""

    class Kind(models.TextChoices):
        SUBSTANTIVE = "substantive", _("substantive")
        ACTING = "acting", _("acting")
        INTERIM = "interim", _("interim")
        NOMINEE = "nominee", _("nominee")

    collection = "appointments"
    listed_in_the_past_by = BY_DATE
    about = "Appointments: who held which office, and when."
    labelled_by = ("official", "post")
    searched = (
        "rank",
        "end_reason",
        "rank_es",
        "end_reason_es",
        "public_note",
        "public_note_es",
    )
    searched_related = ("official", "post")
    schema_org = "Role"
    columns = (
        "official",
        "post",
        "kind",
        "rank",
        "rank_es",
        "start",
        "end",
        "end_reason",
        "end_reason_es",
    )
    citable = originals(columns)
    described = ("official", "post", "kind")
    public_through = ("official", "post", "post__agency")

    official = models.ForeignKey(
        Official,
        models.PROTECT,
        related_name="appointments",
        help_text=_("Who held the office."),
    )
    post = models.ForeignKey(
        Post,
        models.PROTECT,
        related_name="appointments",
        help_text=_("Which office it was."),
    )
    kind = Word(
        choices=Kind,
        help_text=_("Substantive, acting, interim or a nominee."),
    )
    rank = Line(
        max_length=80, blank=True, help_text=_("The rank held in it, as General.")
    )
    rank_es = translation_of(rank, _("Spanish rank"))
    end_reason = Line(blank=True, help_text=_("Why it ended, if a source says."))
    end_reason_es = translation_of(end_reason, _("Spanish end reason"))

    objects = AppointmentQuerySet.as_manager()

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["start_earliest", "slug"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["official", "post", "kind", "start"],
                name="entities_appointment_recorded_once",
                violation_error_message=_("This appointment is already on record."),
            ),
        ]
        indexes = [
            *in_order("start_earliest"),
            by_length("entities_appointment"),
            models.Index(fields=["post", "start_earliest"]),
        ]

    def kind_of_dispute(self, name, stated):
        if name == "official" and self.followed(stated):
            return Contradiction.STALE
        return super().kind_of_dispute(name, stated)

    def followed(self, slug):
        """Whether the official of this slug had left the same post when it began."""
        public = getattr(self.post, "public_appointments", None)
        if public is None:  # nobody has looked ahead
            before = self.post.appointments.published().filter(official__slug=slug)
        else:
            before = [other for other in public if other.official.slug == slug]
        return any(other.end.latest <= self.start.latest for other in before)

    @classmethod
    def look_ahead(cls, statements):
        cls.with_others_in_office(
            record for record, name, _stated in statements if name == "official"
        )

    @classmethod
    def with_others_in_office(cls, appointments):
        """Fetches who else is publicly known to have held the posts of these."""
        public = cls.objects.published().select_related("official")
        others = Prefetch("post__appointments", public, to_attr="public_appointments")
        for batch in batches(appointments):
            prefetch_related_objects(batch, others)


class PostCitation(Citation):
    """One source on one post."""

    record = cites(Post)

    class Meta(Citation.Meta):
        abstract = False


class PostAttestation(Attestation):
    """What was last attested of one post."""

    record = attests(Post)


class PostDispute(Dispute):
    """One contradiction about one post."""

    record = disputes(Post)

    class Meta(Dispute.Meta):
        abstract = False


class AppointmentCitation(Citation):
    """One source on one appointment."""

    record = cites(Appointment)

    class Meta(Citation.Meta):
        abstract = False


class AppointmentAttestation(Attestation):
    """What was last attested of one appointment."""

    record = attests(Appointment)


class AppointmentDispute(Dispute):
    """One contradiction about one appointment."""

    record = disputes(Appointment)

    class Meta(Dispute.Meta):
        abstract = False
