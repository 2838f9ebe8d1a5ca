"""Merge a record into another that is the same; its address leads there then."""

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from provenance.management.record_command import RecordCommand
from provenance.management.wording import counted
from provenance.merging import merge, plan
from provenance.models.renaming import current_slug
from timeline.records import RECORDS


class Command(RecordCommand):
    """Prints what becomes of everything, and does it, or says why it cannot."""

    help = __doc__

    def add_arguments(self, parser):
        types = sorted(model.type_name() for model in RECORDS)
        parser.add_argument("type", choices=types, help="the kind of record")
        parser.add_argument("loser", help="the slug of the one that goes")
        parser.add_argument("winner", help="the slug of the one that stays")
        parser.add_argument("--reason", default="", help="why they are the same")
        parser.add_argument(
            "--dry-run", action="store_true", help="print the plan, write nothing"
        )

    def handle(self, *args, type, loser, winner, reason, dry_run, **options):
        if not (dry_run or reason):
            raise CommandError("Give the --reason why the two are the same.")
        model = next(model for model in RECORDS if model.type_name() == type)
        both = [self._record(model, type, slug) for slug in (winner, loser)]
        made = plan(*both)
        if made.blocks:
            raise CommandError(" ".join(made.blocks))
        self.stdout.writelines(f"{line}\n" for line in lines_of(made))
        if dry_run:
            self.stdout.write("Nothing was written.")
            return
        try:
            merge(*both, reason)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{type} {loser} is merged into {winner}.")

    def _record(self, model, type, slug):
        record = model.objects.filter(slug=slug).first()
        if record is None:
            now = current_slug(model, slug)
            remedy = f"; it is “{now}” now." if now else "."
            raise CommandError(f"There is no {type} “{slug}”{remedy}")
        return record


def lines_of(made, indent=""):
    """What becomes of everything, a line each."""
    if made.distinction:
        yield f"{indent}judged not to be the same: {made.distinction.note or '-'}"
    for value in made.values:
        ours, theirs = (" ".join(text.split()) for text in (value.winner, value.loser))
        kept = f" (stays: {ours})" if ours else ""
        yield f"{indent}{value.name}: {theirs}: {value.becomes.label}{kept}"
    for title, number, _rows in made.relations:
        yield f"{indent}moves: {number} {title}"
    for fall in made.falls:
        yield f"{indent}stays once: {fall.gone._meta.verbose_name} {fall.gone}"
    if made.cites:
        yield f"{indent}moves: {counted(len(made.cites), 'citation')}"
    for inner in made.inner:
        kind = inner.loser.type_name()
        yield f"{indent}{kind} {inner.loser.slug} into {inner.winner.slug}:"
        yield from lines_of(inner, f"{indent}  ")
    if made.mentions:
        citations = counted(made.mentions, "citation")
        yield f"{indent}named elsewhere by its slug: {citations}"
