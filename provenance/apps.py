from django.apps import AppConfig
from django.core import checks


class ProvenanceConfig(AppConfig):
    name = "provenance"
    verbose_name = "Provenance"

    def ready(self):
        from .checks import imports_are_guarded

        checks.register(imports_are_guarded)
