"""Writes history, version and derived columns with every write."""

from contextlib import contextmanager

from django.core.exceptions import FieldError
from django.db import DatabaseError, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import SIMPLE_HISTORY_REVERSE_ATTR_NAME, HistoricalRecords

from ..values.folding import fold
from ..values.words import cut
from .changes import ChangeSet, changing, open_change


class StaleRecord(DatabaseError):
    """A record was written, or deleted, after it was read by who writes it now."""

    def __init__(self, record):
        self.record = record
        super().__init__(
            _("%(kind)s “%(record)s” has been changed since it was read.")
            % {"kind": record._meta.verbose_name, "record": record}
        )


def is_taken_back(record):
    """Whether a record in memory is a past version of itself."""
    return hasattr(record, SIMPLE_HISTORY_REVERSE_ATTR_NAME)


class Follower:
    """A column that is set by the write itself, whichever fields are written."""

    def follows(self, names):
        return True

    def derive(self, record):
        raise NotImplementedError

    def read_columns(self, model):
        """The columns that it is derived from."""
        return ()

    def derive_column(self, model, columns, before=None):
        """What ``derive`` says of many rows, given their columns as lists by name.

        ``before`` has what was stored of the columns that it reads; None of new rows.
        """
        raise NotImplementedError

    def pre_save(self, record, add):
        if isinstance(record, Tracked):  # a row of history keeps what it was given
            setattr(record, self.attname, self.derive(record))
        return getattr(record, self.attname)


class VersionField(Follower, models.PositiveIntegerField):
    """Counts the writes of a row, from 1; a row taken back from history counts on."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"default": 0, "editable": False, **kwargs})

    def derive(self, record):
        version = getattr(record, self.attname)
        if is_taken_back(record):
            past = type(record).history.filter(**{record._meta.pk.attname: record.pk})
            version = past.aggregate(last=models.Max(self.attname))["last"] or version
        return version + 1

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

    def derive(self, record):
        return timezone.now()

    def derive_column(self, model, columns, before=None):
        now = timezone.now()
        return [now for _row in columns[model._meta.pk.attname]]


class SearchTextField(Follower, models.TextField):
    """What a row is found by: the fields named in its model's ``searched``, folded."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"editable": False, "blank": True, "default": "", **kwargs}
        )

    def derive(self, record):
        texts = (str(getattr(record, name)) for name in record.searched)
        return cut(fold(" ".join(texts)))

    def read_columns(self, model):
        return model.searched

    def derive_column(self, model, columns, before=None):
        if not model.searched:
            return ["" for _row in columns[model._meta.pk.attname]]
        texts = zip(*(columns[name] for name in model.searched), strict=True)
        return [cut(fold(" ".join(map(str, row)))) for row in texts]


def followers(model, names):
    """The fields that a write to the fields of these names has to write too."""
    names = set(names)
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in names
        and hasattr(field, "follows")
        and field.follows(names)
    ]


def as_stored(records, using):
    """The records as their table has them now, with who wrote them and why."""
    rows = type(records[0])._base_manager.using(using)
    stored = rows.in_bulk([record.pk for record in records])
    for record in records:
        for note in ("_history_user", "_change_reason"):
            if record.pk in stored and hasattr(record, note):
                setattr(stored[record.pk], note, getattr(record, note))
    return list(stored.values())


@contextmanager
def keeping_versions(records):
    """Leaves the versions of records in memory as they were if writing them fails."""
    version = records[0].version_field()
    before = [getattr(record, version.attname) for record in records if version]
    done = False
    try:
        yield
        done = True
    finally:
        for record, value in () if done else zip(records, before, strict=False):
            setattr(record, version.attname, value)


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
        """Saves once, as a part of the change that is being written."""
        if not self._state.adding:
            raise TypeError("History is not written again.")
        change = open_change().row
        self.change_set, self.history_date = change, change.at
        self.history_user = self.history_user or change.user
        self.history_change_reason = self.history_change_reason or change.reason or None
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        """Refused."""
        raise TypeError("History is not deleted.")


class History(HistoricalRecords):
    """Rows of history that show what was written, not what was left unsaved."""

    def __init__(self, **options):
        super().__init__(bases=[HistoryRow], **options)

    def finalize(self, sender, **kwargs):
        # What its kinds extend has its history in theirs, with all its columns.
        if "kept_by_its_kinds" not in vars(sender):
            super().finalize(sender, **kwargs)

    def _get_history_user_fields(self):
        fields = super()._get_history_user_fields()
        # Who wrote something stays known: such a user is deactivated, not deleted.
        fields["history_user"].remote_field.on_delete = models.PROTECT
        return fields

    def post_save(self, instance, created, using=None, update_fields=None, **kwargs):
        if update_fields is not None:
            (instance,) = as_stored([instance], using)
        super().post_save(instance, created, using=using, **kwargs)

    def create_historical_record(self, instance, history_type, using=None):
        open_change().note(instance)
        super().create_historical_record(instance, history_type, using)


def write_history(model, records, update=False):
    """Writes a row of history for each of the records, as the open change made them."""
    change = open_change()
    for record in records:
        change.note(record)
    model.history.bulk_history_create(
        records,
        update=update,
        default_user=change.row.user,
        default_date=change.row.at,
        default_change_reason=change.row.reason,
        custom_historical_attrs={"change_set": change.row},
    )


class TrackedQuerySet(models.QuerySet):
    """Writes in bulk as one by one: with history, bounds and versions, or never."""

    _in_bulk_update = False

    def _clone(self):
        clone = super()._clone()
        clone._in_bulk_update = self._in_bulk_update
        return clone

    def update(self, **values):
        """Refused: it would leave no history, and bounds of another text."""
        if self._in_bulk_update:
            return super().update(**values)
        raise FieldError(
            f"update() of {self.model._meta.verbose_name_plural} would leave no "
            "history; save each one, or use bulk_update()."
        )

    def bulk_create(self, records, *args, **options):
        if options.get("ignore_conflicts") or options.get("update_conflicts"):
            raise FieldError(
                "bulk_create() cannot keep the history of rows that it may not make."
            )
        with changing(ChangeSet.Path.OTHER):
            created = super().bulk_create(records, *args, **options)
            if created:
                write_history(self.model, created)
        return created

    def bulk_update(self, records, fields, batch_size=None):
        records, fields = list(records), list(fields)
        if not records:
            return 0
        following = followers(self.model, fields)
        queryset = self._chain()
        queryset._in_bulk_update = True
        with keeping_versions(records), changing(ChangeSet.Path.OTHER):
            self._refuse_stale(records)
            for record in records:
                for field in following:
                    field.pre_save(record, add=False)
            written = super(TrackedQuerySet, queryset).bulk_update(
                records, [*fields, *(field.name for field in following)], batch_size
            )
            write_history(self.model, as_stored(records, self.db), update=True)
        return written

    def _refuse_stale(self, records):
        """Raises StaleRecord for one that was written since it was read."""
        version = self.model.version_field()
        if version is None:
            return
        rows = self.model._base_manager.select_for_update().filter(
            pk__in=[record.pk for record in records]
        )
        stored = dict(rows.values_list("pk", version.attname))
        for record in records:
            if stored.get(record.pk) != getattr(record, version.attname):
                raise StaleRecord(record)

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
        with keeping_versions([self]), changing(ChangeSet.Path.OTHER):
            super().save(*args, update_fields=update_fields, **kwargs)

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

    def bounded_text(self, name):
        """The text whose bounds stand for this field's."""
        return getattr(self, name)

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

    @classmethod
    def bounded_texts(cls, name, columns):
        """The texts whose bounds stand for this field's, of many rows."""
        return columns[name]
