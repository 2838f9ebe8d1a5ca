"""Decides who may import rows into which table."""

from functools import cache

from ..review.permissions import may


@cache  # a resource copies all of its columns when it is made
def models_in(resource_class):
    """The models whose rows stand in a table."""
    return [part._meta.model for part in resource_class().parts().values()]


def may_see(user, model):
    """Whether somebody may see such records that are not public."""
    return may(user, "view", model) or may(user, "change", model)


def may_import(user, resource_class):
    """Whether rows of a table may come from somebody; each row asks once more.

    What becomes of a row, or is wrong with it, tells what is recorded: drafts and
    private notes too. So it takes the right to see them.
    """
    models = models_in(resource_class)
    return all(may_see(user, model) for model in models) and any(
        may(user, verb, model) for verb in ("add", "change") for model in models
    )
