"""Portraits and emblems as files: those of published records alone."""

from django.http import FileResponse, Http404, HttpResponseNotModified
from django.views import View

from ..models import Portrait
from ..registry.kinds import record_types

NOTHING = "default-src 'none'; sandbox"


class PortraitFile(View):
    """The picture of one record, or its thumbnail."""

    small = False
    http_method_names = ["get", "head"]
    follows_from_record = False

    def get(self, request, collection, slug):
        """The bytes of the picture; 404 where the public sees no record or portrait."""
        kind = next(
            (k for k in record_types().values() if k.collection == collection), None
        )
        if kind is None or not kind.portrait_called:
            raise Http404
        record = kind.objects.published().filter(slug=slug).first()
        portrait = record and Portrait.objects.of_record(record)
        if not portrait:
            raise Http404
        # One that was added before thumbnails were made has none.
        file = (self.small and portrait.thumbnail) or portrait.file
        tag = f'"{portrait.sha256}{"-small" if self.small else ""}"'
        if request.headers.get("If-None-Match") == tag:
            answer = HttpResponseNotModified()
        else:
            answer = FileResponse(file.open("rb"), content_type="image/jpeg")
        answer.headers["ETag"] = tag
        answer.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        answer.headers["Content-Security-Policy"] = NOTHING
        return answer
