"""Every write leaves a trace: history, a higher version, columns that follow."""

from django.core.exceptions import FieldError
from django.db import models, router, transaction
from django.utils import timezone
from simple_history.models import SIMPLE_HISTORY_REVERSE_ATTR_NAME, HistoricalRecords

from .folding import fold


class Follower:
    """A column that is set by the write itself, whichever fields are written."""

    def follows(self, names):
        return True

    def derive(self, record):
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
        if hasattr(record, SIMPLE_HISTORY_REVERSE_ATTR_NAME):
            past = type(record).history.filter(**{record._meta.pk.attname: record.pk})
            version = past.aggregate(last=models.Max(self.attname))["last"] or version
        return version + 1


class UpdatedField(Follower, models.DateTimeField):
    """The moment of the last write."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"editable": False, "default": timezone.now, **kwargs}
        )

    def derive(self, record):
        return timezone.now()


class SearchTextField(Follower, models.TextField):
    """What a row is found by: the fields named in its model's ``searched``, folded."""

    def __init__(self, *args, **kwargs):
        super().__init__(
            *args, **{"editable": False, "blank": True, "default": "", **kwargs}
        )

    def derive(self, record):
        return fold(" ".join(str(getattr(record, name)) for name in record.searched))


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
        for note in ("_history_user", "_history_date", "_change_reason"):
            if record.pk in stored and hasattr(record, note):
                setattr(stored[record.pk], note, getattr(record, note))
    return list(stored.values())


class History(HistoricalRecords):
    """Rows of history that show what was written, not what was left unsaved."""

    def _get_history_user_fields(self):
        fields = super()._get_history_user_fields()
        # Who wrote something stays known: such a user is deactivated, not deleted.
        fields["history_user"].remote_field.on_delete = models.PROTECT
        return fields

    def post_save(self, instance, created, using=None, update_fields=None, **kwargs):
        if update_fields is not None:
            (instance,) = as_stored([instance], using)
        super().post_save(instance, created, using=using, **kwargs)


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
        with transaction.atomic(using=self.db):
            created = super().bulk_create(records, *args, **options)
            self.model.history.bulk_history_create(created)
        return created

    def bulk_update(self, records, fields, batch_size=None):
        records, fields = list(records), list(fields)
        if not records:
            return 0
        following = followers(self.model, fields)
        for record in records:
            for field in following:
                field.pre_save(record, add=False)
        queryset = self._chain()
        queryset._in_bulk_update = True
        with transaction.atomic(using=self.db):
            written = super(TrackedQuerySet, queryset).bulk_update(
                records, [*fields, *(field.name for field in following)], batch_size
            )
            stored = as_stored(records, self.db)
            self.model.history.bulk_history_create(stored, update=True)
        return written


class Tracked(models.Model):
    """A row that keeps its own history."""

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
        using = kwargs.get("using") or router.db_for_write(type(self), instance=self)
        with transaction.atomic(using=using, savepoint=False):
            super().save(*args, update_fields=update_fields, **kwargs)

    def bounded_text(self, name):
        """The text whose bounds stand for this field's."""
        return getattr(self, name)
