"""A page of meetings as the documentation of Django REST Framework begins.

The same rows as the list of the API shows, by ``ModelSerializer`` with everything
fetched ahead: no bounds made null, no addresses, nothing hidden, nothing compared.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bordersec.settings")
django.setup()

from django.conf import settings  # noqa: E402  after setup()
from django.core.wsgi import get_wsgi_application  # noqa: E402  after setup()
from django.urls import path  # noqa: E402
from rest_framework import serializers  # noqa: E402
from rest_framework.generics import GenericAPIView  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.response import Response  # noqa: E402

from entities.models import Agency, Appointment, Official, Place, Post  # noqa: E402
from provenance.models import Source  # noqa: E402
from timeline.models import (  # noqa: E402
    EventCitation,
    Meeting,
    Participation,
    Theme,
)

PAGE = 100


def shown(model, *names, **nested):
    """A serializer of these fields, of which some are objects."""
    meta = type("Meta", (), {"model": model, "fields": [*names, *nested]})
    bases = (serializers.ModelSerializer,)
    return type(f"Plain{model.__name__}", bases, {"Meta": meta, **nested})


named = {model: shown(model, "slug", "name") for model in (Place, Official, Agency)}
office = shown(
    Appointment, "slug", official=named[Official](), post=shown(Post, "title")()
)
party = shown(
    Participation,
    *("role", "date", "date_earliest", "date_latest"),
    *("effective", "effective_earliest", "effective_latest"),
    official=named[Official](),
    agency=named[Agency](),
    appointments=office(many=True),
)
citation = shown(
    EventCitation,
    *("id", "field", "locator", "stated", "as_of", "assessment", "note"),
    source=shown(Source, "slug", "title")(),
)
meeting = shown(
    Meeting,
    *("slug", "title", "summary", "start", "start_earliest", "start_latest", "end"),
    *("end_earliest", "end_latest", "format", "public_note", "version"),
    *("created_at", "updated_at"),
    place=named[Place](),
    requested_by=named[Official](),
    themes=shown(Theme, "slug", "name")(many=True),
    participations=party(many=True),
    citations=citation(many=True),
)


class Plain(GenericAPIView):
    """The page behind the meeting that is named."""

    authentication_classes = ()
    permission_classes = ()
    renderer_classes = (JSONRenderer,)

    def get(self, request):
        """One page."""
        day, key = request.GET.get("after", "0001-01-01,0").split(",")
        rows = Meeting.objects.published().filter(start_earliest__gte=day)
        rows = rows.exclude(start_earliest=day, pk__lte=int(key))
        rows = rows.select_related("place", "requested_by").prefetch_related(
            "participations__official",
            "participations__agency",
            "participations__appointments__official",
            "participations__appointments__post",
            "citations__source",
            "themes",
        )
        rows = rows.order_by("start_earliest", "id")[:PAGE]
        return Response({"results": meeting(rows, many=True).data})


urlpatterns = [path("m", Plain.as_view())]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
application = get_wsgi_application()
