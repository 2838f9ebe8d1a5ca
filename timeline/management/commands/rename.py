"""Give a record another slug; its old addresses go on leading to it."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from provenance.management.record_command import RecordCommand
from provenance.models.renaming import current_slug, rename
from timeline.records import RECORDS


class Command(RecordCommand):
    """Renames one record, or says why it cannot."""

    help = __doc__

    def add_arguments(self, parser):
        types = sorted(model.type_name() for model in RECORDS)
        parser.add_argument("type", choices=types, help="the kind of record")
        parser.add_argument("slug", help="the slug that it has")
        parser.add_argument("new_slug", help="the slug that it is to have")

    def handle(self, *args, type, slug, new_slug, **options):
        model = next(model for model in RECORDS if model.type_name() == type)
        record = model.objects.filter(slug=slug).first()
        if record is None:
            now = current_slug(model, slug)
            remedy = f"; it is “{now}” now." if now else "."
            raise CommandError(f"There is no {type} “{slug}”{remedy}")
        try:
            rename(record, new_slug)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{type} {slug} is {new_slug} now.")
