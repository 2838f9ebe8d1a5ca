"""The base of every record."""

from itertools import count

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from ..db.batches import filtered
from ..tracking.tracked import (
    SearchTextField,
    SortKeyField,
    Tracked,
    UpdatedField,
    VersionField,
)
from ..values.contradiction import Contradiction
from ..values.dates import PartialDateField
from ..values.folding import fold
from ..values.text import Key, Prose, Word
from ..values.translations import Told, told, translation_of, translations_of
from ..values.units import Unit
from .record_query import RecordQuerySet
from .redirect import Redirect


def slugged(text):
    """A text as a slug, with room for a number behind it."""
    return slugify(fold(text))[: Key.LENGTH - 4].strip("-")


class Record(Tracked):
    """Anything that is curated, published and cited under a name of its own."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in-review", _("in review")
        PUBLISHED = "published", _("published")
        WITHDRAWN = "withdrawn", _("withdrawn")

    is_record = True  # by which the registry knows the kinds of record
    in_stream_of_changes = True
    collection = ""  # its name in addresses and of its CSV file
    about = ""  # what all of them are, in a sentence; without one, their plural
    loading_order = 0  # of tables: a lower one is read first, equal ones as declared
    label_field = "name"
    labelled_by: tuple[str, ...] = ()  # or the records whose labels make its own
    searched: tuple[str, ...] = ("name", "public_note", "public_note_es")
    searched_rows: tuple[str, ...] = ()  # relations whose rows also carry a search_text
    named_by: tuple[str, ...] = ()  # those of them that are other names of it
    # Records that it is found by as well; of many to many, those that are published, by
    # whatever they are called.
    searched_related: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()  # what is written of it, in the order of its table
    citable: tuple[str, ...] = ()  # what a source can be cited for
    # The citable names of what we say ourselves, to call and to class it: a source for
    # the record is one for these.
    described: tuple[str, ...] = ()
    # The citable names that are lists, and which records these name; none: free text.
    lists: dict[str, tuple[type[models.Model], ...]] = {}
    public_through: tuple[str, ...] = ()
    opposed_by = ""  # the kind of record, by its type name, that can contradict it
    opposed_in = ""  # and the field of both in which it does, if it is one
    # Citable names that tell again what another record tells, by their name: the
    # relation that leads there, and the name there.
    told_at: dict[str, tuple[str, str]] = {}
    scope: tuple[str, ...] = ()  # the citable names that say what is meant at all
    # The broader term of a choice, by the field: both can be true of one thing.
    broader_choices: dict[str, dict[str, str]] = {}
    # Fields by which two that are called alike are told apart.
    told_apart_by: tuple[str, ...] = ()
    # Links that never change, so that two are merged only if they share them.
    merged_within: tuple[str, ...] = ()
    # The relation that leads to where it is; empty if it has a longitude and a latitude
    # itself, and none if it is nowhere.
    place_path: str | None = None
    is_reconciled = False  # whether names in other people's tables are matched with it
    portrait_called = ""  # what a picture of it is called, if one can be shown
    names_of_people = False  # with initials, in part, in another order
    schema_org = "Thing"  # what schema.org calls such a thing
    schema_org_columns: dict[str, str] = {}  # and columns that not every kind has

    slug = Key(
        unique=True,
        help_text=_(
            "Its name in addresses, CSV and API: a-z, 0-9 and hyphens. It never "
            "changes."
        ),
    )
    status = Word(
        choices=Status,
        default=Status.DRAFT,
        help_text=_("Only published records are shown to the public."),
    )
    version = VersionField(help_text=_("Counts the writes of this record."))
    created_at = models.DateTimeField(
        default=timezone.now,
        editable=False,
        help_text=_("When it was first written here."),
    )
    updated_at = UpdatedField(help_text=_("When it was last written here."))
    public_note = Prose(
        blank=True, help_text=_("What every reader should know about it.")
    )
    public_note_es = translation_of(public_note, _("Spanish public note"))
    private_note = Prose(blank=True, help_text=_("For curators only; never published."))
    search_text = SearchTextField(
        help_text=_("The text that is searched, without accents and case.")
    )

    sort_key = SortKeyField(
        help_text=_("What it is ordered by: its name without accents and case.")
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    @property
    def label(self):
        """The name or the title that it is listed under."""
        if self.labelled_by:
            return ", ".join(str(getattr(self, name)) for name in self.labelled_by)
        return getattr(self, self.label_field)

    @property
    def labels(self):
        """The label, and what it is translated to."""
        translation = translations_of(type(self)).get(self.label_field)
        translated = translation and getattr(self, translation)
        return [self.label, translated] if translated else [self.label]

    @property
    def told(self):
        """The label as a reader is told it, of the page's language where it has one."""
        if not self.labelled_by:
            return told(self, self.label_field)
        parts = [getattr(self, name).told for name in self.labelled_by]
        return Told(
            ", ".join(map(str, parts)),
            language=next(filter(None, (part.language for part in parts)), ""),
            original=self.label if any(part.original for part in parts) else "",
        )

    @property
    def in_words(self):
        """The label in the language of the reader, where it is told in that."""
        return self.told.text

    def listed(self, name):
        """The items of a citable list, in their text form."""
        raise NotImplementedError(name)

    @classmethod
    def clean_many(cls, records):
        yield from super().clean_many(records)
        former = Redirect.objects.filter(type=cls.type_name())
        if not former.exists():
            return
        slugs = [record.slug for record in records]
        target_of = dict(filtered(former.values_list("slug", "target"), slug=slugs))
        message = _(
            "“%(slug)s” is the former slug of “%(target)s”; write that, or choose "
            "another."
        )
        for record in records if target_of else ():
            if target := target_of.get(record.slug):
                said = message % {"slug": record.slug, "target": target}
                yield record, ValidationError({"slug": said})

    def unit_of(self, name):
        """The unit of the number in this field."""
        return Unit()

    def holder_of(self, name):
        """The object that has the citable field of this name."""
        return self

    @classmethod
    def kinds_of(cls, keys):
        """What kind of record each of these is, by its key."""
        return dict.fromkeys(keys, cls)

    def kind_of_dispute(self, name, stated):
        """What sort of contradiction this statement of the field of this name is."""
        if name in self.scope and not self.tells_again(name):
            return Contradiction.SCOPE
        column = None if name in self.lists else self._meta.get_field(name)
        if not isinstance(column, PartialDateField):
            return Contradiction.VALUE
        # Who says that it goes on, and it has ended, knew an earlier state of things.
        goes_on = column.is_end and stated == ".."
        return Contradiction.STALE if goes_on else Contradiction.DATE

    def tells_again(self, name):
        """Whether another record tells of the same, in which it is no scope."""
        relation, _there = self.told_at.get(name, ("", ""))
        return bool(relation) and getattr(self, f"{relation}_id") is not None

    @classmethod
    def look_ahead(cls, statements):
        """Fetches at once what ``kind_of_dispute`` asks for of many statements.

        Each is a record with the name of a field and what is stated of it.
        """

    @classmethod
    def with_what_is_cited(cls, names=None):
        """Such records with all that a source can be cited for, at few queries.

        With ``names``, what is behind these fields of it alone.
        """
        kinds = [kind for kind in cls.__subclasses__() if not kind._meta.abstract]
        kinds += [
            kind for base in cls.__subclasses__() for kind in base.__subclasses__()
        ]
        related, lists = [], []
        for model in (cls, *kinds):
            path = "" if model is cls else f"{model.type_name()}__"
            related += [path.removesuffix("__")] if path else []
            for column in model._meta.local_concrete_fields:
                is_cited = names is None or column.name in names
                if is_cited and column.is_relation and column.name in model.citable:
                    above = getattr(column.related_model, "public_through", ())
                    related += [f"{path}{column.name}"]
                    related += [f"{path}{column.name}__{upper}" for upper in above]
            own = model.lists.keys() - (cls.lists.keys() if path else ())
            own = own if names is None else own & set(names)
            lists += [f"{path}{inner}" for inner in model.behind_lists(own)]
        return cls._base_manager.select_related(*related).prefetch_related(*lists)

    @classmethod
    def behind_lists(cls, names):
        """The relations of these citable lists, and of the records that they name."""
        found = []
        for name in names:
            columns = cls._meta.get_field(name).related_model._meta.concrete_fields
            found += [name]
            found += [
                f"{name}__{column.name}"
                for column in columns
                if column.related_model in cls.lists[name]
            ]
        return found

    @classmethod
    def told_besides(cls):
        """What lists tell of such records that follows from their columns: by its name,
        a text of the database.
        """
        return {}

    @classmethod
    def link_of(cls, rows):
        """The column by which rows that are named so, or by a path, belong to it."""
        *path, rows = rows.split("__")
        for name in path:
            cls = cls._meta.get_field(name).related_model
        return cls._meta.get_field(rows).field

    @classmethod
    def has_many(cls, related):
        """Whether a record can have several of the records that are named so."""
        return bool(cls._meta.get_field(related).many_to_many)

    @classmethod
    def dispute_model(cls):
        """The disputes about this kind of record."""
        return cls._meta.get_field("disputes").related_model

    @classmethod
    def citation_model(cls):
        """The citations for this kind of record."""
        return cls._meta.get_field("citations").related_model

    @classmethod
    def type_name(cls):
        """The word for this kind of record in CSV and API, such as ``agency``."""
        return cls._meta.model_name

    @classmethod
    def plural(cls):
        """What several are called, in the language of the code."""
        with override(settings.LANGUAGE_CODE):
            return capfirst(str(cls._meta.verbose_name_plural))

    @property
    def record_type(self):
        """The word for what this record is; an event knows its kind."""
        return self.type_name()

    @property
    def is_public(self):
        """Whether the public may see it, and the records in ``public_through``."""
        return self.status == self.Status.PUBLISHED and all(
            self._status_at(path) == self.Status.PUBLISHED
            for path in self.public_through
        )

    def _status_at(self, path):
        record = self
        for name in path.split("__"):
            record = getattr(record, name)
        return record.status

    def words_of_slug(self):
        """What a slug is made of."""
        return str(self)

    def propose_slug(self):
        """A slug made of what the record is called, not yet taken by another."""
        stem = slugged(self.words_of_slug()) or self.type_name()
        # Events of all kinds share one set of slugs: that of the table with the column.
        taken = set(
            self._meta.get_field("slug")
            .model._base_manager.filter(slug__startswith=stem)
            .values_list("slug", flat=True)
        ) | set(
            Redirect.objects.filter(
                type=self.type_name(), slug__startswith=stem
            ).values_list("slug", flat=True)
        )
        taken.update(Key.RESERVED)
        slugs = (f"{stem}-{number}" if number > 1 else stem for number in count(1))
        return next(slug for slug in slugs if slug not in taken)

    @property
    def disputed(self):
        """The fields in dispute, or those of its disputes that were fetched for it."""
        names = {each.field or self.opposed_in for each in self._disputes()}
        return sorted(names - {""})

    def state_of_disputes(self, everything):
        """Open if any of its disputes is, or else settled; None if it has none."""
        states = {each.seen_state(everything) for each in self._disputes()} - {""}
        return min(states, default=None)

    @property
    def in_dispute(self):
        """The same, as far as the public may know."""
        return self.state_of_disputes(everything=False)

    def _disputes(self):
        if not hasattr(self, "disputes"):
            return []  # sources are cited, and have no citations
        unconfirmed = Contradiction.UNCONFIRMED
        return [each for each in self.disputes.all() if each.kind != unconfirmed]
