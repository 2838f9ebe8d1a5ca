"""The Django app of places, agencies, officials, posts and appointments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from provenance.web.languages import translate_labels


class EntitiesConfig(AppConfig):
    """Who and where."""

    name = "entities"
    verbose_name = _("People, agencies and places")

    def ready(self):
        translate_labels(self)
