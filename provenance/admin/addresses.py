"""The addresses of the admin's pages."""

from django.urls import reverse


def address(model, page, *keys):
    """The address of a page of the admin of a model."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=keys)
