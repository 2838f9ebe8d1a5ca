"""The pages of disputes: the statements side by side, and what settles them."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from ..db.keyset import Keyset, Stretch
from ..evidence.disputes import others_in, statements_in
from ..evidence.visibility import (
    citations_seen,
    compared,
    disputes_seen,
    hide_private_relations,
    with_records,
)
from ..models import Dispute
from ..registry.kinds import cited_types
from ..values.contradiction import Standing
from .addresses import citations_of, in_other_forms, in_the_api, page_of_dispute
from .base import Page
from .lists import ListPage
from .references import citing_of, csl_of_dispute, reference_of

NEWEST = Keyset(("opened_at", "id"), descending=True)


class DisputesPage(ListPage):
    """All disputes that the public knows of, the open ones first."""

    template_name = "pages/disputes.html"
    parameters = ("state", "cursor")
    words = {"state": tuple(Dispute.State.values)}

    def get_context_data(self, **context):
        asked = self.asked.get("state", "")
        stretches = [
            Stretch(
                f"{state}-{model.type_name()}",
                disputes_seen(model, everything=False)
                .filter(public_state=state)
                .labelled(),
                NEWEST,
            )
            for state in Dispute.State.values
            if asked in ("", state)
            for model in cited_types().values()
        ]
        page = self.page_among(stretches, asked)
        choices = [("", _("all")), *Dispute.State.choices]
        return super().get_context_data(
            **context,
            **self.page_links(page),
            **in_other_forms("disputes-list", state=asked, known_at=self.known_at),
            disputes=page.rows,
            states=[
                (label, self.address(state=value, cursor=""), value == asked)
                for value, label in choices
            ],
        ) | {"title": _("Disputes")}


class DisputePage(Page):
    """One dispute: who says what, and why it is settled if it is."""

    template_name = "pages/dispute.html"

    def above(self):
        return [*super().above(), (_("Disputes"), reverse("pages:disputes"))]

    @staticmethod
    def found(key):
        """The dispute of a key, with what it rests on."""
        name, _dash, number = key.partition("-")
        model = cited_types().get(name)
        if model is None:
            raise Http404
        dispute = disputes_seen(model, everything=False).filter(pk=number).first()
        if dispute is None:
            raise Http404
        records = compared(model.objects.all(), everything=False)
        dispute.record = records.get(pk=dispute.record_id)
        hide_private_relations(dispute.record)
        cited = citations_seen(model, everything=False)
        cited = cited.filter(record=dispute.record_id, field=dispute.field)
        citations = list(with_records(cited, model, everything=False))
        for citation in citations:
            citation.record = dispute.record
        dispute.statements = statements_in(dispute, citations)
        dispute.supporting = [
            citation
            for citation in citations
            if dispute.field and citation.agreement != Standing.CONTRADICTS
        ]
        dispute.others = [other for other in others_in(dispute) if other.is_public]
        return dispute

    def get_context_data(self, key, **context):
        dispute = self.found(key)
        address = self.request.build_absolute_uri(page_of_dispute(dispute))
        return super().get_context_data(
            **context,
            dispute=dispute,
            json_address=in_the_api(
                "disputes-detail", dispute.key, known_at=self.known_at
            ),
            tables=[citations_of(dispute.record, self.known_at)],
            reference=reference_of(csl_of_dispute(dispute, address)),
            citing=citing_of(page_of_dispute(dispute)),
        ) | {"title": str(dispute)}
