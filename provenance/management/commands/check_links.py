"""Looks whether the addresses of sources still answer; only when it is run."""

from django.core.management.base import BaseCommand, CommandError

from provenance.models import Source
from provenance.web.links import look

ARCHIVE = "https://web.archive.org/web/{day}/{url}"


class Command(BaseCommand):
    """Says which do not, and proposes an address in an archive. It changes nothing."""

    help = "Looks whether the addresses of sources still answer; changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("slugs", nargs="*", help="of the sources; all by default")

    def handle(self, *args, **options):
        sources = Source.objects.exclude(url="").order_by("slug")
        if options["slugs"]:
            sources = sources.filter(slug__in=options["slugs"])
        looked_at = broken = 0
        for source in sources.iterator():
            looked_at += 1
            found = look(source.url)
            if not found.is_fine:
                broken += 1
                self.stdout.write(
                    f"{source.slug}: {found.error or found.status} {source.url}"
                )
                if not source.archived_url:
                    self.stdout.write(f"  archived_url? {_archived(source)}")
            elif found.leads_to:
                self.stdout.write(f"{source.slug}: leads to {found.leads_to}")
        self.stdout.write(f"{looked_at} looked at, {broken} broken")
        if broken:
            raise CommandError("Not all addresses answer.", returncode=1)


def _archived(source):
    """Where an archive has the page, as near as it has to when a curator read it."""
    day = source.accessed_on or source.published.earliest
    near = f"{day:%Y%m%d}" if day.year > 1900 else "2"  # the latest that there is
    return ARCHIVE.format(day=near, url=source.url)
