"""The addresses of the site."""

from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path, re_path

from provenance.api.views import NoSuchAddress
from provenance.pages.sitemaps import sitemaps as all_maps

SITEMAP = "django.contrib.sitemaps.views.sitemap"  # the name by which the index asks
MAPS = all_maps()

handler400 = "provenance.problems.bad_request"
handler403 = "provenance.problems.permission_denied"
handler404 = "provenance.problems.page_not_found"
handler500 = "provenance.problems.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("bordersec.api_urls")),
    re_path(r"^api/", NoSuchAddress.as_view()),
    path("sitemap.xml", sitemaps.index, {"sitemaps": MAPS}),
    path("sitemap-<section>.xml", sitemaps.sitemap, {"sitemaps": MAPS}, SITEMAP),
    path("", include("timeline.pages.routes")),
]
