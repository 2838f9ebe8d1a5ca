"""The addresses of the admin's pages."""

from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse


def address(model, page, *keys):
    """The address of a page of the admin of a model."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{page}", args=keys)


def led_back(request, to):
    """Answers who asks for a page that only takes what a form sends.

    Reloaded, or opened from a list of pages visited, it leads to where the form stands.
    """
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect(to)
    return HttpResponseNotAllowed(["POST"])
