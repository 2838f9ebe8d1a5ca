"""The addresses of the site."""

from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from provenance.api.views import NoSuchAddress

handler400 = "provenance.problems.bad_request"
handler403 = "provenance.problems.permission_denied"
handler404 = "provenance.problems.page_not_found"
handler500 = "provenance.problems.server_error"

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="api-docs:page")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("bordersec.api_urls")),
    re_path(r"^api/", NoSuchAddress.as_view()),
]
