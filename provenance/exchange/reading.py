"""Published records as the public may know them, for whatever format."""

from ..api.serializers import WITHOUT_REQUEST, serializer_of
from ..evidence.visibility import hide_private_relations


def public_records(model, where, fields=()):
    """The published records of a kind of which this holds, with these members of the
    API, or with all of them.

    What the members show is fetched ahead: as many queries for one as for many.
    Relations lead to public records only.
    """
    context = {**WITHOUT_REQUEST, "everything": False, "fields": fields, "root": ""}
    records = serializer_of(model)(context=context).prepared(model.objects.published())
    for record in records.filter(where):
        hide_private_relations(record)
        yield record
