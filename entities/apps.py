"""The second storey as an app."""

from django.apps import AppConfig


class EntitiesConfig(AppConfig):
    """Who and where."""

    name = "entities"
    verbose_name = "People, agencies and places"
