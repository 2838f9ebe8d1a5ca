"""Writes history, version and derived columns with every write."""

from functools import cache

from django.core.exceptions import FieldError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from ..values.collation import sort_key
from ..values.words import cut, searchable
from .bulk import insert_many, update_many
from .changes import ChangeSet, changing, open_change
from .dependent_columns import (
    Follower,
    StaleRecord,
    followers,
    is_taken_back,
    keeping_versions,
)
from .history_rows import DELETED, copy_to_history, signed


class VersionField(Follower, models.PositiveIntegerField):
    """Counts the writes of a row, from 1; a row taken back from history counts on."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"default": 0, "editable": False, **kwargs})

    def derive(self, record):
        if is_taken_back(record):
            (version,) = self.last_versions(type(record), [record.pk])
            return version + 1
        return super().derive(record)

    def last_versions(self, model, keys):
        """The last versions that rows of these keys ever had."""
        key = model._meta.pk.attname
        past = model.history.filter(**{f"{key}__in": keys}).order_by()
        last = dict(past.values_list(key).annotate(models.Max(self.attname)))
        return [last.get(one, 0) for one in keys]

    def read_columns(self, model):
        return (self.attname,)

    def derive_column(self, model, columns, before=None):
        return [version + 1 for version in columns[self.attname]]


class UpdatedField(Follower, models.DateTimeField):
    """The moment of the last write."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"editable": False, "default": timezone.now, **kwargs}
        )

    def derive_column(self, model, columns, before=None):
        now = timezone.now()
        return [now for _row in columns[model._meta.pk.attname]]


class SearchTextField(Follower, models.TextField):
    """What a row is found by: the fields named in its model's ``searched``, folded.

    Its name stands first; what else is said of it comes behind a mark, if anything is.
    """

    is_for_finding = True
    MARK = "|"  # a word by itself, and no folded one

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"editable": False, "blank": True, "default": "", **kwargs}
        )

    def read_columns(self, model):
        return model.searched

    def derive_column(self, model, columns, before=None):
        label = model.label_field
        names = [name for name in model.searched if name == (label or name)]
        others = [name for name in model.searched if name not in names]
        return [
            self.text_of(
                [columns[name][row] for name in names],
                [columns[name][row] for name in others],
            )
            for row in range(len(columns[model._meta.pk.attname]))
        ]

    @classmethod
    def text_of(cls, names, others):
        """What a row is found by that is called so, and of which these texts tell."""
        name, rest = (
            cut(searchable(" ".join(map(str, texts)))) for texts in (names, others)
        )
        return f"{name} {cls.MARK} {rest}".strip() if rest else name


class SortKeyField(Follower, models.TextField):
    """What a record is ordered by where people look for a name: its own, or another.

    Empty for kinds without a name of their own.
    """

    is_for_finding = True

    def __init__(self, *args, of="", **kwargs):
        self.of = of  # the column with the name, if it is not the one of its label
        super().__init__(
            *args, **{"editable": False, "blank": True, "default": "", **kwargs}
        )

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, **({"of": self.of} if self.of else {})}

    def db_parameters(self, connection):
        """Compared byte by byte, in whatever way the rest of the database is."""
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}

    def read_columns(self, model):
        names = {field.name for field in model._meta.concrete_fields}
        return tuple(name for name in (self.of or model.label_field,) if name in names)

    def derive_column(self, model, columns, before=None):
        for name in self.read_columns(model):
            return list(map(sort_key, columns[name]))
        return ["" for _row in columns[model._meta.pk.attname]]


class HistoryRow(models.Model):
    """What a row was after a write of it; itself it is never written again."""

    change_set = models.ForeignKey(
        ChangeSet,
        models.PROTECT,
        null=True,  # only where it is older than change sets are
        related_name="+",
        help_text=_("What was written together with it."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Refused: a row of history is copied from the row that it tells of."""
        raise TypeError("History is not written again.")

    def delete(self, *args, **kwargs):
        """Refused."""
        raise TypeError("History is not deleted.")


class HistoryOfOneKind(HistoryManager):
    """The manager of a history; its class is made once, not at each look at it."""

    from_queryset = classmethod(cache(HistoryManager.from_queryset.__func__))


class History(HistoricalRecords):
    """Rows of history that show what was written, not what was left unsaved."""

    def __init__(self, **options):
        super().__init__(
            bases=[HistoryRow], history_manager=HistoryOfOneKind, **options
        )

    def finalize(self, sender, **kwargs):
        # What its kinds extend has its history in theirs, with all its columns.
        if "kept_by_its_kinds" not in vars(sender):
            super().finalize(sender, **kwargs)

    def get_meta_options(self, model):
        orders = [model.listed_in_the_past_by] if model.listed_in_the_past_by else []
        if model.in_stream_of_changes:
            # It is read in this order, however much was written at once.
            orders.append(("change_set", model._meta.pk.name))
        indexes = [models.Index(fields=order) for order in orders]
        return {**super().get_meta_options(model), "indexes": indexes}

    def _get_history_user_fields(self):
        fields = super()._get_history_user_fields()
        # Who wrote something stays known: such a user is deactivated, not deleted.
        fields["history_user"].remote_field.on_delete = models.PROTECT
        return fields

    def pre_delete(self, instance, **kwargs):
        self.create_historical_record(
            instance, DELETED
        )  # while there is what it tells of

    def post_delete(self, instance, **kwargs):
        """Its history has been written by now."""

    def create_historical_record(self, instance, history_type, using=None):
        change, model = open_change(), type(instance)
        change.note(instance)
        copy_to_history(model, history_type, [instance.pk], change, *signed(instance))


class TrackedQuerySet(models.QuerySet):
    """Writes in bulk as one by one: with history, bounds and versions, or never."""

    def update(self, **values):
        """Refused: it would leave no history, and bounds of another text."""
        raise FieldError(
            f"update() of {self.model._meta.verbose_name_plural} would leave no "
            "history; save each one, or use bulk_update()."
        )

    def bulk_create(self, records, batch_size=None, **options):
        if options.get("ignore_conflicts") or options.get("update_conflicts"):
            raise FieldError(
                "bulk_create() cannot keep the history of rows that it may not make."
            )
        if self.model._meta.all_parents:
            raise ValueError(
                "bulk_create() makes nothing of a multi-table inherited model."
            )
        records = list(records)
        with changing(ChangeSet.Path.OTHER) as change:
            insert_many(self.model, records, change)
        return records

    def bulk_update(self, records, fields, batch_size=None):
        records = list(records)
        with changing(ChangeSet.Path.OTHER) as change:
            update_many(self.model, records, fields, change)
        return len(records)

    def delete(self):
        with changing(ChangeSet.Path.OTHER):
            return super().delete()

    delete.alters_data, delete.queryset_only = True, True


class Tracked(models.Model):
    """A row that keeps its own history."""

    collection = ""  # the name of its CSV file, if it has a table of its own
    owner = ""  # the field that names the record whose part it is
    folded_in_key: tuple[str, ...] = ()  # what of its key is the same in capitals
    counted_by = ""  # the field that is its place among the other parts
    label_field = ""  # the column with its name, where a row is more than a name
    searched: tuple[str, ...] = ()  # the columns that it is found by
    in_stream_of_changes = False  # whether its changes are told by themselves
    listed_in_the_past_by: tuple[str, ...] = ()  # what a list goes by, if not by slugs

    history = History(inherit=True)

    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        """Saves with its row of history, or not at all.

        A partial save also writes what follows the fields that it names.
        """
        deferred = not self._state.adding and self.get_deferred_fields()
        if deferred and update_fields is None:
            update_fields = [
                field.name
                for field in self._meta.concrete_fields
                if not field.primary_key and field.attname not in deferred
            ]
        if update_fields:
            update_fields = list(update_fields)
            following = followers(type(self), update_fields)
            update_fields += [field.name for field in following]
        is_fresh = self._state.adding and self.pk is None
        with keeping_versions([self]), changing(ChangeSet.Path.OTHER) as change:
            super().save(*args, update_fields=update_fields, **kwargs)
            if is_fresh:
                change.fresh[type(self)].add(self.pk)

    def delete(self, *args, **kwargs):
        """Deletes with its row of history, or not at all."""
        with changing(ChangeSet.Path.OTHER):
            return super().delete(*args, **kwargs)

    @classmethod
    def version_field(cls):
        """The column that counts its writes; None where its owner's does."""
        found = (f for f in cls._meta.concrete_fields if isinstance(f, VersionField))
        return next(found, None)

    def _do_update(self, base_qs, using, pk_val, values, *args):
        """Writes only over the version that was read: one statement checks and writes.

        Django calls it for each table of a record that is not new.
        """
        counted = [
            (field, value)
            for field, _model, value in values
            if isinstance(field, VersionField) and not self._state.adding
        ]
        for field, value in counted:
            base_qs = base_qs.filter(**{field.attname: value - 1})
        updated = super()._do_update(base_qs, using, pk_val, values, *args)
        if counted and not updated:
            raise StaleRecord(self)
        return updated

    def stands_in_for(self, name):
        """The field whose bounds this one has while it is empty, if any."""
        return None

    def bounded_text(self, name):
        """The text whose bounds stand for this field's."""
        text = getattr(self, name)
        other = None if text else self.stands_in_for(name)
        return getattr(self, other) if other else text

    @classmethod
    def bounded_texts(cls, name, columns):
        """The texts whose bounds stand for this field's, of many rows of one kind."""
        other = cls().stands_in_for(name)
        if other is None:
            return columns[name]
        pairs = zip(columns[name], columns[other], strict=True)
        return [text or instead for text, instead in pairs]

    @classmethod
    def clean_many(cls, records):
        """Yields each of these with what clean() refuses of it, in few queries.

        A rule that columns and constraints cannot say is written here, for many; then
        it holds for one as well.
        """
        return iter(())

    def clean(self):
        super().clean()
        for _record, error in self.clean_many([self]):
            raise error
