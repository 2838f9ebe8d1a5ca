"""Which tables an admin offers, to whom, and what they are called."""

from django.utils.text import capfirst

from ..importers import may_see, models_in
from ..importing import tables
from ..resources.claims import takes_attribution


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


def may_export(user, resource_class):
    """Whether somebody may take the rows of a table with them."""
    return all(may_see(user, model) for model in models_in(resource_class))
