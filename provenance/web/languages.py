"""Chooses the language of a request, and translates the labels that Django makes."""

from django.conf import settings
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy

# Where who asks decides, not the address: a program's URL is the same for everybody.
BY_REQUEST = ("/admin/", "/api/")


def language_of(path):
    """The language of the public page at a path: an address has one language."""
    return translation.get_language_from_path(path) or settings.LANGUAGE_CODE


class Languages(LocaleMiddleware):
    """A public page is in the language of its address; the admin and the API are asked.

    These two follow the cookie that the language switch sets, or else Accept-Language.
    What programs read of the record is the same in each.
    """

    def process_request(self, request):
        if request.path_info.startswith(BY_REQUEST):
            language = translation.get_language_from_request(request)
        else:
            language = language_of(request.path_info)
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request, response):
        if request.path_info.startswith(BY_REQUEST):
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def labels_made(app_config):
    """What Django called models and fields of an app after their Python names.

    Yields each object that bears one, the name of its attribute, and the label.
    """
    for model in app_config.get_models():
        if "history_id" in {field.name for field in model._meta.local_fields}:
            continue  # rows of history are shown under the labels of what they are of
        given = model._meta.original_attrs
        for name in ("verbose_name", "verbose_name_plural"):
            if name not in given:
                yield model._meta, name, getattr(model._meta, name)
        for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
            if getattr(field, "_verbose_name", None) is None:
                yield field, "verbose_name", field.verbose_name


def translate_labels(app_config):
    """Has these labels said in the language of whoever reads them."""
    for bearer, name, label in list(labels_made(app_config)):
        setattr(bearer, name, gettext_lazy(str(label)))
