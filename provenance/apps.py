"""The Django app of sources and provenance, and the admin's site."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin import apps as admin_apps
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ProvenanceConfig(AppConfig):
    """Who says so, and how exactly."""

    name = "provenance"
    verbose_name = _("Provenance")

    def ready(self):
        from .db.many_values import register
        from .sign_in import audit, sessions
        from .web.faults import report_to
        from .web.languages import translate_labels
        from .web.system_checks import imports_are_guarded

        register()
        if settings.SENTRY_DSN:
            report_to(settings.SENTRY_DSN)
        audit.watch()
        sessions.watch()
        checks.register(imports_are_guarded)
        translate_labels(self)


class CuratorsAdminConfig(admin_apps.AdminConfig):
    """Django's admin, on the site of the record's curators."""

    default = False
    default_site = "provenance.admin.site.CuratorsSite"

    def ready(self):
        # The package that has the site registers with it. Were it imported only when
        # Django makes the site, it would register with one that is thrown away.
        import_module("provenance.admin")
        super().ready()
