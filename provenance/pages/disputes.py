"""The pages of disputes: the statements side by side, and what settles them."""

from django.http import Http404
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..db.keyset import Keyset, Stretch
from ..evidence.retold import told_once
from ..evidence.shown import read_out
from ..evidence.sides import lay_out
from ..evidence.visibility import disputes_seen
from ..models import Dispute
from ..registry.kinds import cited_types, disputed_models
from ..values.contradiction import Contradiction
from .addresses import citations_of, in_other_forms, in_the_api, page_of_dispute
from .base import Page
from .lists import ListPage
from .references import citing_of, csl_of_dispute, reference_of

NEWEST = Keyset(("opened_at", "id"), descending=True)
# Of what needs another look the public is not told.
KINDS = [kind for kind in Contradiction if kind != Contradiction.UNCONFIRMED]


def laid_out(disputes, supporting=False):
    """The disputes, as the public may know them, with what each side says."""
    lay_out(disputes, everything=False, supporting=supporting)
    for dispute in disputes:
        dispute.statements = each_once(dispute.statements)
        dispute.supporting = each_once(dispute.supporting)
    read_out(disputes, everything=False)
    return disputes


def each_once(citations):
    """The citations, of those that say the same in the same place the first.

    Each has the records that it is ``cited_for``.
    """
    found = {}
    for one in citations:
        same = (one.source_id, one.locator, one.stated, one.as_of, one.note)
        first = found.setdefault(same, one)
        first.cited_for = [*getattr(first, "cited_for", ()), one.record]
    return list(found.values())


class DisputesPage(ListPage):
    """All disputes that the public knows of, the open ones first."""

    template_name = "pages/disputes.html"
    parameters = ("state", "kind", "cursor")
    words = {"state": tuple(Dispute.State.values), "kind": tuple(KINDS)}

    def get_context_data(self, **context):
        asked = {name: self.asked.get(name, "") for name in self.words}
        stretches = [
            Stretch(
                f"{state}-{model.type_name()}",
                self.of_kind(told_once(disputes_seen(model, False)), asked["kind"])
                .filter(public_state=state)
                .labelled(),
                NEWEST,
            )
            for state in Dispute.State.values
            if asked["state"] in ("", state)
            for model in disputed_models()
        ]
        page = self.page_among(stretches, "&".join(asked.values()))
        return super().get_context_data(
            **context,
            **self.page_links(page),
            **in_other_forms("disputes-list", **asked, known_at=self.known_at),
            disputes=laid_out(page.rows),
            filters=[
                (_("State"), self.choices("state", Dispute.State)),
                (_("Kind"), self.choices("kind", KINDS)),
            ],
        ) | {"title": _("Disputes")}

    @staticmethod
    def of_kind(disputes, kind):
        return disputes.filter(kind=kind) if kind else disputes

    def choices(self, name, words):
        """The ways to have a parameter: label, address, and whether it is so."""
        given = self.asked.get(name, "")
        named = [("", _("all")), *((word.value, word.label) for word in words)]
        return [
            (label, self.address(**{name: value, "cursor": ""}), value == given)
            for value, label in named
        ]


class DisputePage(Page):
    """One dispute: who says what, and why it is settled if it is."""

    template_name = "pages/dispute.html"

    def above(self):
        return [*super().above(), (_("Disputes"), reverse("pages:disputes"))]

    @staticmethod
    def found(key):
        """The dispute of a key."""
        name, _dash, number = key.partition("-")
        model = cited_types().get(name)
        if model is None:
            raise Http404
        disputes = disputes_seen(model, everything=False).labelled()
        dispute = disputes.filter(pk=number).first()
        if dispute is None:
            raise Http404
        return dispute

    def get_context_data(self, key, **context):
        (dispute,) = laid_out([self.found(key)], supporting=True)
        title = f"{dispute.record.told}: {dispute.label}"
        address = self.request.build_absolute_uri(page_of_dispute(dispute))
        return super().get_context_data(
            **context,
            dispute=dispute,
            label=capfirst(dispute.label),
            json_address=in_the_api(
                "disputes-detail", dispute.key, known_at=self.known_at
            ),
            tables=[citations_of(dispute.record, self.known_at)],
            reference=reference_of(csl_of_dispute(dispute, address), title),
            citing=citing_of(page_of_dispute(dispute)),
        ) | {"title": title}
