"""Published records as the public may know them, for whatever format."""

from django.db.models import Q

from ..api.row_serializers import WITHOUT_REQUEST
from ..api.serializers import serializer_of
from ..db.batches import WITH_ROWS, Among
from ..db.keyset import Keyset, Stretch, pages_of
from ..evidence.visibility import hide_private_relations

BY_SLUG = Keyset(("slug",))


def public_records(model, where, fields=(), joins=()):
    """The published records of a kind of which this holds, with these members of the
    API, or with all of them.

    What the members show, and what is joined besides, is fetched ahead: as many queries
    for one as for many. Their own relations lead to public records only.
    """
    context = {**WITHOUT_REQUEST, "everything": False, "fields": fields, "root": ""}
    records = serializer_of(model)(context=context).prepared(model.objects.published())
    records = records.select_related(*joins) if joins else records
    for record in records.filter(where):
        hide_private_relations(record)
        yield record


def every_public_record(rows, joins=()):
    """All of these that are published, whole, in the order of their slugs.

    However many they are, a few hundred are in memory at a time.
    """
    published = rows.published().values_list("pk", "slug", named=True)
    for page in pages_of([Stretch("", published, BY_SLUG)], WITH_ROWS):
        keys = [row.pk for row in page]
        found = public_records(rows.model, Q(pk__in=Among(keys)), joins=joins)
        found = {record.pk: record for record in found}
        yield from (found[key] for key in keys if key in found)


def sources_of(record):
    """The sources that are cited for a record, each once."""
    cited = {citation.source_id: citation.source for citation in record.citations.all()}
    return sorted(cited.values(), key=lambda source: source.slug)
