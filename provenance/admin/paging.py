"""The pages of lists, which are counted no further than anybody turns them."""

from django.core.paginator import Paginator
from django.utils.functional import cached_property
from unfold.templatetags import unfold_list

from ..db.counting import counted

MOST = 10_000  # rows; to get beyond them a list is narrowed down, or turned round

# The theme says how cells look in four hundred bytes of each, which were two thirds of
# a page of fifty rows. Ours say so once, in admin/lists.css.
unfold_list.ROW_CLASSES.clear()
unfold_list.CHECKBOX_CLASSES[:] = ["action-checkbox"]


class AtLeast(int):
    """A number of which it is only known that it is no smaller."""

    def __str__(self):
        return f"{int(self):,}+"


class CountedPages(Paginator):
    """Pages of as many rows as are counted."""

    alike = None  # the same rows in a form that is quicker to count, if there is one

    @cached_property
    def count(self):
        """How many there are, as far as they are counted."""
        rows = self.object_list if self.alike is None else self.alike
        number = counted({"all": rows}, MOST)["all"]
        return AtLeast(MOST) if number > MOST else number
