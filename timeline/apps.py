"""The third storey as an app."""

from django.apps import AppConfig


class TimelineConfig(AppConfig):
    """What happened and what was measured."""

    name = "timeline"
    verbose_name = "Events and measurements"
