"""Makes the first administrator, ``admin``, and prints its password this one time."""

import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

USERNAME = "admin"


class Command(BaseCommand):
    """Makes the user once; says that there is one from then on."""

    help = __doc__

    def handle(self, **options):
        users = get_user_model().objects
        administrator = users.filter(is_superuser=True).order_by("pk").first()
        if administrator:
            name = administrator.get_username()
            self.stdout.write(
                f"The administrator is {name}. For a new password: "
                f".venv/bin/python manage.py changepassword {name}"
            )
            return
        if users.filter(username=USERNAME).exists():
            raise CommandError(
                f"There is a user {USERNAME} who is no administrator. Make one under "
                "another name: .venv/bin/python manage.py createsuperuser"
            )
        password = secrets.token_urlsafe(15)
        users.create_superuser(USERNAME, password=password)
        self.stdout.write(f"Sign in as {USERNAME} with this password: {password}")
        self.stdout.write("It is shown only now; note it down.")
