"""Makes a token with which a program writes as a user, and prints it this once."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from knox.models import get_token_model

from provenance.sign_in.audit import note_command


class Command(BaseCommand):
    """Prints a new token on its output, and what to do with it beside that."""

    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("username", help="whose rights the token has")

    def handle(self, username, **options):
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user {username}.")
        if not user.is_active:
            raise CommandError(
                f"The user {username} is not active: no token would work."
            )
        token, text = get_token_model().objects.create(user=user)
        note_command("made a token for", username)
        self.stdout.write(text)
        self.stderr.write(
            f"Send it as “Authorization: Token …” until {token.expiry:%Y-%m-%d}. It is "
            "shown only now; only a digest of it is kept."
        )
