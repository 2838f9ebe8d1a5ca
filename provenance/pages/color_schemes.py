"""Light or dark: as the reader chose, or else as their system is.

The pages are the same for all. A style sheet of two lines is not, which follows from a
cookie, so that the choice needs no script and a page is still kept for whoever asks.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.vary import vary_on_cookie

from .base import Misasked, Page

COOKIE = "color_scheme"
SYSTEM = "system"
SCHEMES = {
    "light": gettext_lazy("Light"),
    "dark": gettext_lazy("Dark"),
    SYSTEM: gettext_lazy("As the system"),
}
A_YEAR = timedelta(days=365)
OF_THE_SYSTEM = "light dark"


def scheme_of(request):
    """The color scheme that the reader chose; that of the system if none."""
    chosen = request.COOKIES.get(COOKIE, SYSTEM)
    return chosen if chosen in SCHEMES else SYSTEM


@method_decorator(vary_on_cookie, name="dispatch")
class SchemeSheet(View):
    """The style sheet of the color scheme that the reader chose."""

    http_method_names = ["get", "head"]
    follows_from_record = False

    def get(self, request):
        chosen = scheme_of(request)
        scheme = OF_THE_SYSTEM if chosen == SYSTEM else chosen
        rules = [
            f":root {{ color-scheme: {scheme}; }}",
            f".scheme [value={chosen}] {{ background: var(--line); }}",
            "@media print { :root { color-scheme: light; } }",
        ]
        sheet = HttpResponse("\n".join([*rules, ""]), content_type="text/css")
        patch_cache_control(sheet, private=True, no_cache=True)
        return sheet


# It changes how pages look to whoever sends it, and nothing else: a token against
# forgeries would make every page another one for each reader.
@method_decorator(csrf_exempt, name="dispatch")
class SchemeChoice(Page):
    """Keeps the color scheme that is chosen, and leads back to the page."""

    http_method_names = ["post", "options"]
    follows_from_record = False

    def post(self, request):
        chosen = request.POST.get("scheme", "")
        if chosen not in SCHEMES:
            told = {"text": chosen[:80], "words": ", ".join(SCHEMES)}
            message = _("“%(text)s” is not a valid choice; choose one of: %(words)s.")
            raise Misasked([message % told])
        back = request.POST.get("next", "")
        here = request.get_host()
        is_ours = url_has_allowed_host_and_scheme(back, here, request.is_secure())
        if not (is_ours and back.startswith("/")):
            back = self.home
        response = HttpResponseRedirect(back)
        if chosen == SYSTEM:
            response.delete_cookie(COOKIE, samesite="Lax")
        else:
            response.set_cookie(
                COOKIE,
                chosen,
                max_age=A_YEAR,
                secure=settings.LANGUAGE_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
