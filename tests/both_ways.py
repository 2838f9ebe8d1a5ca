"""Lists of the API, as the database writes their records and as the serializer does."""

from rest_framework.renderers import JSONRenderer

from provenance.api.json_queries import fragments_of
from provenance.api.serializers import serializer_of
from provenance.registry.kinds import record_types
from provenance.values.asked_time import AskedTime
from timeline.api import TimelineSerializer

ROOT = "http://testserver/api/v1/"
KINDS = [*record_types(), "timeline"]


def serializer_for(kind, **asked):
    """The serializer of a list as a stranger asks for it."""
    known = record_types()
    of = serializer_of(known[kind]) if kind in known else TimelineSerializer
    context = {
        "root": ROOT,
        "everything": False,
        "fields": (),
        "time": AskedTime(),
        "holds": "time" in asked,
        "single": False,
    }
    return of(context={**context, **asked})


def written_both_ways(kind, **asked):
    """All public records of a kind as the list shows them, and by Python alone."""
    serializer = serializer_for(kind, **asked)
    records = serializer.Meta.model.objects.published().order_by("pk")
    if "time" in asked:
        records = asked["time"].held(records)
    ours = fragments_of(serializer, records.all, records.values_list("pk", flat=True))
    alone = serializer_for(kind, **asked)
    render = JSONRenderer().render
    pythons = map(render, alone.shown_of(alone.prepared(records)))
    return [each.decode() for each in ours], [each.decode() for each in pythons]
