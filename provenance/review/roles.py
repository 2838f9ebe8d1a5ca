"""Roles: the groups that people are put into, and what each may do."""

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models import Q

from ..models import ChangeSet, Dispute, Record
from ..tracking.tracked import Tracked

VIEWER, CURATOR = "viewer", "curator"
REVIEWER, DATA_MANAGER = "reviewer", "data manager"
# The permissions that belong to no one table, by the role that has them first.
POWERS = {
    REVIEWER: ("publish_records",),
    DATA_MANAGER: ("import_tables", "take_back_changes", "merge_records"),
}


def tables_of(role):
    """What a role may do in each table, beyond the role before it."""
    for model in (*_tracked(), ChangeSet):
        curated = issubclass(model, Record) or getattr(model, "owner", "")
        if role == VIEWER:
            yield model, ("view",)
        elif role == CURATOR and curated:
            yield model, ("add", "change", "delete")
        elif role == CURATOR and issubclass(model, Dispute):
            yield model, ("change",)  # settled, and never typed in
        elif role == DATA_MANAGER and not curated and model is not ChangeSet:
            yield model, () if issubclass(model, Dispute) else ("add", "change")


def make_roles():
    """Makes the groups, each with what the one before it may do and more.

    What somebody has given to a group besides stays with it.
    """
    wanted = Q()
    for role in (VIEWER, CURATOR, REVIEWER, DATA_MANAGER):
        wanted |= Q(
            content_type__app_label=ChangeSet._meta.app_label,
            codename__in=POWERS.get(role, ()),
        )
        for model, verbs in tables_of(role):
            meta = model._meta
            names = [f"{verb}_{meta.model_name}" for verb in verbs]
            wanted |= Q(content_type__app_label=meta.app_label, codename__in=names)
        group, _new = Group.objects.get_or_create(name=role)
        group.permissions.add(*Permission.objects.filter(wanted))


def migrate_roles(_apps, schema_editor):
    """The step of a migration that makes the roles; one that adds a table repeats it.

    Django makes permissions only when all migrations are done.
    """
    for label in sorted({model._meta.app_label for model in _tracked()}):
        config = apps.get_app_config(label)
        alias = schema_editor.connection.alias
        create_contenttypes(config, verbosity=0, using=alias)
        create_permissions(config, verbosity=0, using=alias)
    make_roles()


def _tracked():
    """Every table that keeps its history."""
    return [model for model in apps.get_models() if issubclass(model, Tracked)]
