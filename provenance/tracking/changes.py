"""Changes: everything that is written together, by whom, how and why.

All writes of one change are one transaction, and changes happen one after the other on
every database: their numbers have no gap and their moments grow in the order in which
they are committed. What must hold of a change as a whole is looked at before the commit
by the functions named in ``settings.CLOSING_A_CHANGE``.
"""

import logging
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import timedelta
from weakref import WeakValueDictionary

from django.conf import settings
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from ..db.keys import Keys
from ..db.planning import Growth
from ..db.refusals import NoRoom, OnlyWhatIsAnswered, is_full
from ..values.text import Word

logger = logging.getLogger("bordersec.changes")

WRITERS = 0x626F72646572  # the advisory lock of all writers, on PostgreSQL
A_TICK = timedelta(microseconds=1)


class ChangeSet(models.Model):
    """One change of the record: the rows of history that were written together."""

    class Path(models.TextChoices):
        FORM = "form", _("form")
        ACTION = "action", _("action")
        API = "api", _("API")
        IMPORT = "import", _("import")
        LOAD = "load", _("load")
        COMMAND = "command", _("command")
        RENAME = "rename", _("rename")
        MERGE = "merge", _("merge")
        UNDO = "undo", _("undo")
        OTHER = "other", _("other")

    number = models.BigIntegerField(
        primary_key=True, help_text=_("Counts the changes from 1, without a gap.")
    )
    at = models.DateTimeField(
        unique=True, help_text=_("When it was made; later ones have a later moment.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Who made it; empty where nobody was signed in."),
    )
    path = Word(choices=Path, help_text=_("How the change was made."))
    reason = models.TextField(blank=True, help_text=_("Why it was made."))
    undoes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="undone_by",
        help_text=_("The change that it takes back."),
    )

    class Meta:
        ordering = ["-number"]
        indexes = [
            # Most undo none, by which an index of all would seem to tell little.
            models.Index(
                fields=["undoes"],
                condition=models.Q(undoes__isnull=False),
                name="provenance_change_undoes",
            ),
        ]
        verbose_name = _("change")
        default_permissions = ("view",)
        permissions = [
            ("publish_records", "Can publish and withdraw records"),
            ("take_back_changes", "Can take back changes"),
            ("merge_records", "Can merge records"),
            ("import_tables", "Can import tables"),
        ]

    def __str__(self):
        return f"{self.number}: {self.get_path_display()}, {self.at:%Y-%m-%d %H:%M}"


class OpenChange:
    """A change that is being written."""

    def __init__(self, path, user=None, reason="", undoes=None):
        self.path, self.reason, self.undoes = path, reason or "", undoes
        self.user = user or _somebody_signed_in()
        self.touched = defaultdict(Keys)  # by model: the keys of what was written
        self.owners = defaultdict(Keys)  # by model: the keys of what these belong to
        self.fresh = defaultdict(Keys)  # by model: those of which there was none before
        self.restated = defaultdict(Keys)  # by model: those whose status may be another
        self.growth = Growth()
        self.moved = {}  # by model: records that the public sees since, or no longer
        self.is_closed = False  # and nothing was written since
        self.is_rehearsal = False  # what is undone again anyhow needs no history
        self._at_hand = WeakValueDictionary()  # records in memory that own a row
        self._row, self._savepoints = None, []

    @property
    def row(self):
        """What it is on record as; made when something is written."""
        within, open_now = self._savepoints, connection.savepoint_ids
        if self._row is not None and open_now[: len(within)] != within:
            # A savepoint that it was made in is over, and may have been rolled back.
            self._row = ChangeSet.objects.filter(pk=self._row.pk).first()
            self._savepoints = list(open_now)
        if self._row is None:
            last = ChangeSet.objects.order_by("-number").first()
            self._row = ChangeSet.objects.create(
                number=last.number + 1 if last else 1,
                at=max(timezone.now(), last.at + A_TICK) if last else timezone.now(),
                user=self.user,
                path=self.path,
                reason=self.reason,
                undoes=self.undoes,
            )
            self._savepoints = list(open_now)
        return self._row

    def become(self, path, reason="", undoes=None):
        """Says what it is, if nothing of it has been written yet."""
        self.path, self.undoes = path, undoes
        self.reason = reason or self.reason

    def note(self, written):
        """Takes down that this row was written or deleted."""
        model, self.is_closed = type(written), False
        self.touched[model].add(written.pk)
        self.restated[model].add(written.pk)
        self._forget_fresh(model, written.pk)
        if not model.owner:
            return
        link = model._meta.get_field(model.owner)
        key = getattr(written, link.attname)
        self.owners[link.related_model].add(key)
        self._forget_fresh(link.related_model, key)
        if link.is_cached(written):
            self._at_hand[link.related_model, key] = getattr(written, link.name)

    def _forget_fresh(self, model, key):
        """What is written again may differ from what was cited for it meanwhile."""
        for kind, keys in self.fresh.items():
            if key in keys and issubclass(kind, model):
                keys.discard(key)

    def note_many(self, model, keys, owners=(), fresh=False, restated=True):
        """Takes down that rows of these keys were written, which belong to these.

        Nothing ever was ``fresh`` before: no row of history, no citation.
        """
        self.is_closed = False
        self.touched[model].update(keys)
        if restated:
            self.restated[model].update(keys)
        if fresh:
            self.fresh[model].update(keys)
        if model.owner:
            self.owners[model._meta.get_field(model.owner).related_model].update(owners)

    def noted(self):
        """What has been taken down up to now."""
        return [
            {model: keys.copy() for model, keys in noted.items()}
            for noted in self._noted
        ]

    def forget_since(self, before):
        """Keeps only what had been taken down then: the rest was rolled back."""
        for now, then in zip(self._noted, before, strict=True):
            now.clear()
            now.update(then)
        self._savepoints = [None]  # of none that is open: its row may be gone as well

    @property
    def _noted(self):
        return self.touched, self.owners, self.fresh, self.restated

    def keys(self, model):
        """The keys of the touched rows of a model, and of those that extend it."""
        return _keys_in(self.touched, model)

    def known_keys(self, model):
        """The same, without those of which there was nothing before."""
        return self.keys(model) - _keys_in(self.fresh, model)

    def at_hand(self, model, key):
        """The record in memory that owns a touched row; None if there is none."""
        return self._at_hand.get((model, key))


def _keys_in(noted, model):
    found = Keys()
    for touched, keys in noted.items():
        if issubclass(touched, model):
            found.update(keys)
    return found


_open = ContextVar("open change", default=None)


@contextmanager
def changing(path, user=None, reason="", undoes=None):
    """Makes everything written within one change, by this path; all of it, or nothing.

    Within another change it is a part of that one, and gives the reason for it if there
    is none. Raises ValidationError at the end if the change as a whole is refused, and
    NoRoom if the disk is full.
    """
    if (change := _open.get()) is not None:
        change.reason = change.reason or reason
        yield change
        return
    with _told_if_full(), transaction.atomic(), OnlyWhatIsAnswered():
        _wait_for_other_writers()
        change = OpenChange(path, user, reason, undoes)
        token = _open.set(change)
        try:
            yield change
            if not transaction.get_rollback():
                close(change)
        finally:
            _open.reset(token)


def open_change():
    """The change that is being written; None outside of any."""
    return _open.get()


def check(change):
    """Refuses with ValidationError what must not be after a change; writes nothing."""
    for name in settings.CHECKING_A_CHANGE:
        import_string(name)(change)


def close(change):
    """Does what is done at the end of a change; doing it again changes nothing.

    Raises ValidationError if the change as a whole is refused.
    """
    if change.is_closed:
        return
    for name in settings.CLOSING_A_CHANGE:
        import_string(name)(change)
    change.is_closed = True
    if change._row is not None and not change.is_rehearsal:
        logger.info("change", extra={"change": change._row.number})


@contextmanager
def _told_if_full():
    """Says in our words what each database says in its own."""
    try:
        yield
    except OperationalError as error:
        if not isinstance(error, NoRoom) and is_full(error):
            raise NoRoom from error
        raise


def _wait_for_other_writers():
    """Lets writers in one by one; on SQLite the transaction itself does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITERS])


def _somebody_signed_in():
    """Whose request is being answered; None if it is nobody's."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    return user if user is not None and user.is_authenticated else None
