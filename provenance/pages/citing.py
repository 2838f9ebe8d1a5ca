"""The addresses under which programs fetch how a page is cited."""

from django.http import HttpResponse, JsonResponse

from ..models import Source
from .addresses import page_of
from .base import Page
from .references import TYPES, bibtex_of, csl_of


class Cited(Page):
    """What a page is cited by, in the format of ``form``."""

    record_page = None
    form = "json"

    def get(self, request, slug):
        record = self.record_page.found(slug, self.asked)
        item = csl_of(record, request.build_absolute_uri(page_of(record)))
        if self.form == "json":
            kind = "application/vnd.citationstyles.csl+json"
            return JsonResponse([item], safe=False, content_type=kind)
        entry = TYPES[record.kind][1] if isinstance(record, Source) else "misc"
        return HttpResponse(
            bibtex_of(item, entry), content_type="application/x-bibtex; charset=utf-8"
        )
