"""Who asks: somebody for each role, in a browser and with a token."""

from django.contrib.auth.models import Group, User
from knox.models import get_token_model

from provenance.review.roles import CURATOR, DATA_MANAGER, REVIEWER, VIEWER

ROLES = (VIEWER, CURATOR, REVIEWER, DATA_MANAGER)


def somebody(role, name=None):
    """A member of staff in this role."""
    user = User.objects.create_user(name or role.replace(" ", "-"), is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def with_token(api, user):
    """A program that writes for this user."""
    _token, text = get_token_model().objects.create(user=user)
    api.credentials(HTTP_AUTHORIZATION=f"Token {text}")
    return api
