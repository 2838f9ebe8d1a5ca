"""Take back a change by its number, or what it did to one record."""

from django.core.management.base import CommandError

from provenance.history.undo import CannotUndo, rehearse, undo
from provenance.history.wording import differences_of
from provenance.management.record_command import RecordCommand
from provenance.models import ChangeSet
from timeline.records import RECORDS


class Command(RecordCommand):
    """Prints what it did, or would do, in words; else all that is in the way."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, help="the number of the change")
        parser.add_argument(
            "--record",
            nargs=2,
            metavar=("TYPE", "SLUG"),
            help="take back only what it did to this record",
        )
        parser.add_argument("--reason", default="", help="why; stays in the history")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args, number, record, reason, dry_run, **options):
        change = ChangeSet.objects.filter(pk=number).first()
        if change is None:
            raise CommandError(f"There is no change {number}.")
        about = None if record is None else self._record(*record)
        try:
            if dry_run:
                done = rehearse(undo, change, about, reason)
            else:
                written = undo(change, about, reason).row.pk
                done = differences_of([written], private=True)[written]
        except CannotUndo as error:
            raise CommandError("\n".join(error.messages)) from None
        for difference in done:
            kind = difference.record.model._meta.verbose_name
            self.stdout.write(f"{kind} {difference.record}: {difference.in_words}")
        self.stdout.write(
            "Nothing is written."
            if dry_run
            else f"Change {number} is taken back, by change {written}."
        )

    def _record(self, word, slug):
        """The record of this type and slug, also one that has been deleted."""
        kinds = {model.type_name(): model for model in RECORDS}
        if word not in kinds:
            known = ", ".join(sorted(kinds))
            raise CommandError(f"“{word}” is none of the types: {known}.")
        past = kinds[word].history.filter(slug=slug).order_by("-history_id").first()
        if past is None:
            raise CommandError(f"There never was a {word} “{slug}”.")
        return past.instance
