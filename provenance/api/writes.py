"""The views that write: one record a request, all of it or nothing, never unseen."""

import logging
from contextlib import contextmanager
from itertools import islice

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.response import Response

from ..history.wording import later_versions
from ..models import Record
from ..registry.classes import class_per_kind
from ..tracking.changes import ChangeSet, changing
from ..tracking.dependent_columns import StaleRecord
from ..values.dates import Spanned
from .filters import filter_of
from .preconditions import NEW_HAS_NONE, NamedByIfMatch
from .problems import Refused
from .serializers import serializer_of
from .views import RecordView

logger = logging.getLogger(__name__)

MET = gettext_lazy("Somebody else has just written this. Read it, and repeat.")
MAX_NAMED = 10  # records that an answer names as the reason for a refusal


class WritesRecords(NamedByIfMatch):
    """Writes one record a request: all of it, or nothing, and over no later version."""

    def create(self, request, **key):
        if "If-Match" in request.headers:
            raise Refused(NEW_HAS_NONE)
        answer = self.answer(self.fresh(self.written(request.data)), status=201)
        answer["Location"] = answer.data["self"]
        return answer

    def update(self, request, **key):
        return self.answer(self.fresh(self.written(request.data, key)))

    def partial_update(self, request, **key):
        return self.answer(self.fresh(self.written(request.data, key, partial=True)))

    def destroy(self, request, **key):
        with self.writing(key) as record:
            self.check_before_deleting(record)
            delete(record, self.asked_reason())
        return Response(status=204)

    @contextmanager
    def writing(self, key=None):
        """One change: of the record of this key as If-Match names it, or of a new one.

        The body has been read by now: no slow client holds the write lock.
        """
        try:
            with changing(ChangeSet.Path.API, reason=self.asked_reason()):
                yield self.as_named(key) if key else None
        except (StaleRecord, IntegrityError):
            logger.warning("A write met that of somebody else", exc_info=True)
            if key:
                with transaction.atomic():
                    self.as_named(key)  # says so if it is this record
            raise Refused(MET, status=409) from None

    def written_since(self, record, named):
        """What was written since; nothing for who may not read what is written."""
        if not self.permits("change", self.model):
            return []
        earlier = [version for version in named if version < record.version]
        return later_versions(record, max(earlier)) if earlier else []

    def written(self, data, key=None, partial=False):
        """The record, after everything is written or nothing is."""
        with self.writing(key) as record:
            serializer = self.get_serializer(record, data=data, partial=partial)
            serializer.is_valid(raise_exception=True)
            self.check_before_writing(serializer)
            return serializer.write()

    def check_before_writing(self, serializer):
        """What is to be asked of a body that is well formed."""

    def check_before_deleting(self, record):
        """Refuses what is not to be deleted."""


@class_per_kind("View", module="api")
def view_of(kind, above):
    """The collection of a kind of record in the API."""
    dated = issubclass(kind, Spanned) and kind.span[0]
    by_date = dated and kind._meta.ordering[0] == f"{dated}_earliest"
    return {
        "__doc__": kind.about or f"{kind.plural()}.",
        "serializer_class": serializer_of(kind),
        "filterset_class": filter_of(kind),
        "default_order": dated if by_date else above.default_order,
    }


@view_of.register(Record)
class WritableRecordView(WritesRecords, RecordView):
    """A collection that tokens with the permission for it can write to."""

    def fresh(self, record):
        """A record as it is now in the database."""
        return self.found(pk=record.pk)

    def locked(self, slug):
        """The record of this slug, which nobody else writes until this is done."""
        record = self.model.objects.select_for_update().filter(slug=slug).first()
        if record is None:
            raise Http404
        return record

    def check_before_deleting(self, record):
        if record.status == record.Status.PUBLISHED:
            raise Refused(
                _(
                    "What is published is not deleted. Withdraw it: PATCH it with "
                    '{"status": "withdrawn"}.'
                ),
                status=409,
            )


def delete(record, reason):
    """Deletes what nothing refers to."""
    record._change_reason = reason
    try:
        record.delete()
    except ProtectedError as error:
        some = islice(error.protected_objects, 10 * MAX_NAMED)
        named = sorted({naming(other) for other in some})
        more = _(" and others") if len(named) > MAX_NAMED else ""
        message = _("It is referred to by %(named)s%(more)s. Change those first.") % {
            "named": "; ".join(named[:MAX_NAMED]),
            "more": more,
        }
        raise Refused(message, status=409) from None


def naming(record):
    """What a row is and which one."""
    return f"{record._meta.verbose_name} “{getattr(record, 'slug', record)}”"
