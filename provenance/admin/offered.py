"""Which tables an admin offers, to whom, and what they are called."""

from django.utils.text import capfirst

from ..importing import tables
from ..permissions import may
from ..resources.claims import takes_attribution


def models_in(resource_class):
    """The models whose rows stand in a table."""
    cited = getattr(resource_class, "record_models", ())
    if cited:
        return [model.citation_model() for model in cited]
    return [resource_class._meta.model]


def lists_in(resource_class):
    """The models of the rows behind the columns that hold whole lists."""
    columns = (
        getattr(field, "django_field", None) for field in resource_class.fields.values()
    )
    return [
        column.remote_field.through
        for column in columns
        if column is not None and column.many_to_many
    ]


def is_cited(resource_class):
    """Whether the rows of a table are records that sources are cited for."""
    return takes_attribution(resource_class._meta.model)


def table_of(resource_class):
    """The name of the table of the record that has these rows, among others."""
    (model, *_others) = models_in(resource_class)
    return next(name for name, whole in tables().items() if model in models_in(whole))


def name_of(resource_class):
    """What a table is called."""
    return str(models_in(resource_class)[0]._meta.verbose_name_plural)


def columns_of(resource_classes):
    """The columns of each table, under its name."""
    return [
        (capfirst(name_of(resource_class)), resource_class().get_export_headers())
        for resource_class in resource_classes
    ]


def may_import(user, resource_class):
    """Whether rows of a table may come from somebody; each row asks once more."""
    return any(
        all(may(user, verb, model) for model in models_in(resource_class))
        for verb in ("add", "change")
    ) and all(
        may(user, verb, model)
        for verb in ("add", "change", "delete")
        for model in lists_in(resource_class)
    )


def may_export(user, resource_class):
    """Whether somebody may take the rows of a table with them."""
    return all(
        may(user, "view", model) or may(user, "change", model)
        for model in models_in(resource_class)
    )
