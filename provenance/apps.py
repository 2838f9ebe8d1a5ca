"""The Django app of sources and provenance, and the admin's site."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ProvenanceConfig(AppConfig):
    """Who says so, and how exactly."""

    name = "provenance"
    verbose_name = _("Provenance")

    def ready(self):
        from .checks import imports_are_guarded
        from .languages import translate_labels

        checks.register(imports_are_guarded)
        translate_labels(self)


class CuratorsAdminConfig(admin_apps.AdminConfig):
    """Django's admin, on the site of the record's curators."""

    default = False
    default_site = "provenance.admin_site.CuratorsSite"
