"""Saved mappings: what the columns of other people's files mean, for the next time."""

from django.utils.translation import gettext_lazy as _

from ..tracking.tracked import Tracked
from ..values.text import Line, Prose


class SavedMapping(Tracked):
    """One mapping of foreign columns to ours, under a name.

    It is a tool and no part of the record; its history is kept like that of all that
    people write here.
    """

    name = Line(
        unique=True,
        error_messages={"unique": _("A mapping of this name is saved already.")},
        help_text=_("The name under which it is listed, such as whose files it reads."),
    )
    toml = Prose(
        _("mapping"),
        help_text=_(
            "Which column of the file goes into which column of ours, as "
            "TOML; see docs/recipes."
        ),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("mapping")

    def __str__(self):
        return self.name
