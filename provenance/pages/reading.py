"""Records as the public may know them, read as the API reads them."""

from ..api.row_serializers import WITHOUT_REQUEST
from ..api.serializers import serializer_of
from ..evidence.support import support_in
from ..evidence.visibility import disputes_seen, hide_private_relations
from ..values.dates import Spanned

FOR_THE_PUBLIC = {**WITHOUT_REQUEST, "everything": False, "root": ""}


def public_view(records, serializer_class=None):
    """The published ones of these records, with all that the API shows of them.

    Their relations lead to public records only. Each has its ``supported``: the support
    of each field that is cited, by its name.
    """
    serializer_class = serializer_class or serializer_of(records.model)
    serializer = serializer_class(context=FOR_THE_PUBLIC)
    found = list(serializer.prepared(records.published()))
    for record in found:
        hide_private_relations(record)
    citations = [
        citation
        for record in found
        if hasattr(record, "citations")
        for citation in record.citations.all()
    ]
    support = support_in(citations)
    if issubclass(records.model, Spanned):
        records.model.look_up_grounds(found)
    for record in found:
        record.supported = support.get(record.pk, {})
    return found


def disputes_about(record):
    """The disputes about a record that the public knows of, by the name of the field.

    Those of one field with the open ones first.
    """
    if not hasattr(record, "citations"):
        return {}
    found = {}
    disputes = disputes_seen(type(record), everything=False).filter(record=record.pk)
    for dispute in disputes.order_by("public_state", "pk"):
        dispute.record = record
        found.setdefault(dispute.field or record.opposed_in, []).append(dispute)
    return found
