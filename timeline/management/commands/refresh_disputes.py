"""Derive all disputes anew: once after an upgrade from a version without them."""

from provenance.management.record_command import RecordCommand
from provenance.models import Dispute
from provenance.tracking.changes import ChangeSet, changing
from timeline.disputes import derive_all


class Command(RecordCommand):
    """Prints how many are open and settled."""

    help = __doc__

    def handle(self, *args, **options):
        with changing(ChangeSet.Path.COMMAND, reason="refresh_disputes"):
            derive_all()
        for state, label in Dispute.State.choices:
            kinds = Dispute.__subclasses__()
            count = sum(kind.objects.filter(state=state).count() for kind in kinds)
            self.stdout.write(f"{label}: {count}")
