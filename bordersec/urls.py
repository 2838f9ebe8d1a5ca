"""The addresses of the site."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, re_path
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

from provenance.api.views import NoSuchAddress
from provenance.pages.sitemaps import sitemaps as all_maps
from provenance.sign_in import passkeys

SITEMAP = "django.contrib.sitemaps.views.sitemap"  # the name by which the index asks
MAPS = all_maps()

handler400 = "provenance.api.problems.bad_request"
handler403 = "provenance.api.problems.permission_denied"
handler404 = "provenance.api.problems.page_not_found"
handler500 = "provenance.api.problems.server_error"

urlpatterns = [
    path("admin/language/", set_language, name="set_language"),
    path("admin/passkeys/", include(passkeys.addresses)),
    path("admin/", admin.site.urls),
    path("api/v1/", include("bordersec.api_urls")),
    re_path(r"^api/", NoSuchAddress.as_view()),
    path("sitemap.xml", require_safe(sitemaps.index), {"sitemaps": MAPS}),
    path(
        "sitemap-<section>.xml",
        require_safe(sitemaps.sitemap),
        {"sitemaps": MAPS},
        SITEMAP,
    ),
    # In English at the root, in other languages below their code.
    *i18n_patterns(
        path("", include("timeline.pages.routes")), prefix_default_language=False
    ),
]
