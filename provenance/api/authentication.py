"""Authenticates the users of the API by their tokens."""

from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed


class Tokens(TokenAuthentication):
    """Tokens of letters and digits; others would reach the database as they are."""

    def authenticate_credentials(self, token):
        if not token.isalnum():
            raise AuthenticationFailed(_("The token is not valid."))
        return super().authenticate_credentials(token)
