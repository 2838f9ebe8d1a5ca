"""The kinds of record that there are, what belongs to each, and what cites it."""

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


@cache
def disputed_models():
    """What disputes are about, each with a table of them: kinds of event share one."""
    disputed = (m.dispute_model().disputed_model() for m in cited_types().values())
    return list(dict.fromkeys(disputed))


@cache
def kinds_disputed_as(model):
    """The kinds of record whose citations and disputes are about this model."""
    kinds = cited_types().values()
    return [kind for kind in kinds if kind.dispute_model().disputed_model() is model]


@cache
def compared_types():
    """The kinds of which records of one thing can contradict each other."""
    return {name: model for name, model in cited_types().items() if model.opposed_by}


def rows_of(model):
    """What has a table of its own, and whose rows belong to records of this model."""
    return [
        rows
        for rows in apps.get_models()
        if getattr(rows, "owner", "")
        and rows.collection
        and rows._meta.get_field(rows.owner).related_model is model
    ]


@cache
def models_in_order_of_loading():
    """Every model with a table: each kind of record, and behind it what belongs to it.

    Kinds are loaded as they are declared, after what they refer to. What belongs to a
    model that has several kinds comes behind the last of them.
    """
    kinds = sorted(record_types().values(), key=lambda kind: kind.loading_order)
    last = {above: kind for kind in kinds for above in kind.__mro__}
    loaded = []
    for kind in kinds:
        loaded.append(kind)
        for above in kind.__mro__:
            if last[above] is kind:
                loaded += rows_of(above)
    return loaded


def citations_of(record_model):
    """The citations for this kind of record; the kinds of event share a table."""
    citations = record_model.citation_model()
    return _about(record_model, citations.objects.all(), citations.cited_model())


def disputes_of(record_model):
    """The disputes about this kind of record; the kinds of event share a table."""
    disputes = record_model.dispute_model()
    return _about(record_model, disputes.objects.all(), disputes.disputed_model())


def _about(record_model, rows, shared):
    """Those of the rows about any kind of what they share that are about this one."""
    if shared is record_model:
        return rows
    word = f"record__{shared.kept_by_its_kinds}__beside"
    return rows.filter(**{word: record_model.type_name()})
