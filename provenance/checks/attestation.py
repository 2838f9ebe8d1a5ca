"""Checks that what was last attested when follows from the citations."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..db.batches import filtered
from ..evidence.attestation import out_of_step
from ..models import Attestation
from .base import Rule


class StaleAttestation(Rule):
    """Records of which another last attestation is stored than their sources give."""

    name = "stale-attestation"
    meaning = gettext_lazy("last attestations that are out of step with the sources")

    def broken(self):
        message = _(
            "Until when it was attested is out of step with its citations; save it "
            "again."
        )
        for table in Attestation.__subclasses__():
            model = table.attested_model()
            columns = {field.name for field in model._meta.concrete_fields}
            names = ["pk", "slug", *({"type"} & columns)]
            known = model._base_manager.order_by().values_list(*names)
            keys = list(out_of_step(table))
            found = {key: rest for key, *rest in filtered(known, pk=keys)}
            for key in keys:
                slug, *kind = found.get(key, [""])
                yield *(kind or [model.type_name()]), slug, model.span[1], message
