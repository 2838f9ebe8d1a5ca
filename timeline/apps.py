"""The Django app of events and measurements."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from provenance.web.languages import translate_labels


class TimelineConfig(AppConfig):
    """What happened and what was measured."""

    name = "timeline"
    verbose_name = _("Events and measurements")

    def ready(self):
        translate_labels(self)
