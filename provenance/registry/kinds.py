"""The kinds of record that there are, and the citations of each."""

from functools import cache

from django.apps import apps


@cache
def record_types():
    """Every kind of record by its type name; an event is known by its kind."""
    models = [m for m in apps.get_models() if getattr(m, "is_record", False)]
    bases = {base for model in models for base in model._meta.all_parents}
    return {model.type_name(): model for model in models if model not in bases}


@cache
def cited_types():
    """The kinds of record that are cited, by their type name."""
    return {
        name: model
        for name, model in record_types().items()
        if hasattr(model, "citations")
    }


def citations_of(record_model):
    """The citations for this kind of record; the kinds of event share a table."""
    table = record_model.citation_model()
    if table.cited_model() is record_model:
        return table.objects.all()
    return table.objects.filter(record__in=record_model.objects.values("pk"))


def disputes_of(record_model):
    """The disputes about this kind of record; the kinds of event share a table."""
    table = record_model.dispute_model()
    if table.disputed_model() is record_model:
        return table.objects.all()
    return table.objects.filter(record__in=record_model.objects.values("pk"))
