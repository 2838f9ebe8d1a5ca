"""Decides who may do what to records, in the admin and the API alike."""

from django.contrib.auth import get_permission_codename


def may(user, verb, model):
    """Whether a user may ``add``, ``change``, ``delete`` or ``view`` such records."""
    meta = model._meta
    return user.has_perm(f"{meta.app_label}.{get_permission_codename(verb, meta)}")
