"""Find possible duplicates among all records, for the pages that compare only some."""

from django.core.management.base import CommandError

from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted
from provenance.review.duplicates import is_compared
from provenance.review.kept_duplicates import find_and_keep
from timeline.records import RECORDS


class Command(RecordCommand):
    """Prints how many pairs were found of each kind."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument(
            "types", nargs="*", help="kinds of record, as agency; without any, all"
        )

    def handle(self, *args, types, **options):
        known = {m.type_name(): m for m in RECORDS if is_compared(m)}
        for name in types:
            if name not in known:
                raise CommandError(
                    f"There are no names to compare of “{name}”; choose among: "
                    f"{', '.join(known)}."
                )
        for name in types or known:
            number = find_and_keep(known[name])
            self.stdout.write(f"{name}: {counted(number, 'pair')}")
