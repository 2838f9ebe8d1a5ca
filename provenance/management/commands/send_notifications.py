"""Tells staff by e-mail what waits for them; run it now and then."""

from django.conf import settings
from django.contrib import admin
from django.core.management.base import BaseCommand, CommandError
from django.test import RequestFactory
from django.urls import reverse

from provenance.admin.saved_views import changed_in_views
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
        sent = send_all(f"https://{host}{reverse('admin:index')}", in_views)
        self.stdout.write(f"{sent} sent")


def in_views(user):
    """The changes in the views that somebody watches, as their lists show them."""
    request = RequestFactory().get(reverse("admin:index"))
    request.user = user
    return [change for change, *_ in changed_in_views(admin.site, request, 0)]
