"""Which tables an admin offers, to whom, and what they are called."""

from django.utils.text import capfirst

from ..imports.mapping import fed_by, mappings_for
from ..imports.permissions import may_import, may_see, models_in
from ..resources.attribution import takes_attribution
from ..resources.importing import tables


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


def mappings_offered(user, resource_classes):
    """The saved mappings that feed one of these tables, and none but for somebody."""
    return [
        saved
        for saved in mappings_for(map(table_of, resource_classes))
        if all(may_import(user, table) for table in tables_fed_by(saved).values())
    ]


def tables_fed_by(saved):
    """The tables that a saved mapping feeds, by their names, in order of loading."""
    fed = fed_by(saved)
    return {name: table for name, table in tables().items() if name in fed}


def names_of(resource_classes):
    """What some tables are called, in one line."""
    return ", ".join(map(name_of, resource_classes))


def columns_of(resource_classes):
    """The columns of each table, under its name."""
    return [
        (capfirst(name_of(resource_class)), resource_class().column_names())
        for resource_class in resource_classes
    ]


def may_export(user, resource_class):
    """Whether somebody may take the rows of a table with them."""
    return all(may_see(user, model) for model in models_in(resource_class))
