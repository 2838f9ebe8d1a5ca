"""The addresses under which programs fetch how a page is cited."""

from django.http import HttpResponse, JsonResponse

from ..models import Source
from .addresses import page_of, page_of_dispute
from .base import Page
from .disputes import DisputePage
from .references import TYPES, bibtex_of, csl_of, csl_of_dispute


class Cited(Page):
    """What a page is cited by, in the format of ``form``."""

    form = "json"

    def get(self, request, **named):
        item, entry = self.cited(**named)
        if self.form == "json":
            kind = "application/vnd.citationstyles.csl+json"
            return JsonResponse([item], safe=False, content_type=kind)
        return HttpResponse(
            bibtex_of(item, entry), content_type="application/x-bibtex; charset=utf-8"
        )

    def cited(self, **named):
        """It as an item of CSL-JSON, and what sort of entry BibTeX takes it for."""
        raise NotImplementedError


class CitedRecord(Cited):
    """What the page of a record is cited by."""

    record_page = None

    def cited(self, slug):
        record = self.record_page.found(slug, self.asked)
        item = csl_of(record, self.request.build_absolute_uri(page_of(record)))
        return item, TYPES[record.kind][1] if isinstance(record, Source) else "misc"


class CitedDispute(Cited):
    """What the page of a dispute is cited by."""

    def cited(self, key):
        dispute = DisputePage.found(key)
        address = self.request.build_absolute_uri(page_of_dispute(dispute))
        return csl_of_dispute(dispute, address), "misc"
