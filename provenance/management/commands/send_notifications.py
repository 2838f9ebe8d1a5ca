"""Tells staff by e-mail what waits for them; run it now and then."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from provenance.teamwork.mail import is_set_up, send_all


class Command(BaseCommand):
    """Sends what is new to those who want it."""

    help = "Tells staff who want it by e-mail what waits for them."

    def handle(self, *args, **options):
        if not is_set_up():
            raise CommandError(
                "No mail is set up: EMAIL_URL names the server, as "
                "smtp+tls://user:password@mail.example.org:587."
            )
        host = next(iter(settings.ALLOWED_HOSTS), "localhost")
        sent = send_all(f"https://{host}{reverse('admin:index')}")
        self.stdout.write(f"{sent} sent")
