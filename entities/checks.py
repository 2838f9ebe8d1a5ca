"""Checks of offices: too many holders at a time, gaps, dates outside of their post."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from provenance.checks import Level, Outside, Rule
from provenance.values.contradiction import Certainty

from .holders import overfull, vacancies
from .models import AgencyName, Appointment, Post


def _days(first, last):
    """Some days as a message names them."""
    if first == last:
        return _("on %s") % first
    words = [
        _("from %s") % first if first > date.min else "",
        _("to %s") % last if last < date.max else "",
    ]
    return " ".join(filter(None, words)) or _("at any time")


def _quoted(slugs):
    return ", ".join(f"“{slug}”" for slug in slugs)


class DoubleHolders(Rule):
    """Posts that more certainly held at one time than they have seats."""

    name = "double-holders"
    meaning = gettext_lazy("posts with more holders at the same time than seats")

    def broken(self):
        for found in overfull(Post.objects.all()):
            message = _(
                "%(slugs)s held it at the same time, %(days)s, and its number "
                "of seats is %(seats)d; correct a start, an end, a kind or the "
                "seats."
            )
            yield self.place(found, message)

    def place(self, found, message):
        words = {
            "slugs": _quoted(found.slugs),
            "days": _days(found.first, found.last),
            "seats": found.seats,
        }
        return Post.type_name(), found.post_slug, "seats", message % words


class PossibleDoubleHolders(DoubleHolders):
    """Posts that more may have held at one time than they have seats."""

    name = "possible-double-holders"
    level = Level.WARNING
    meaning = gettext_lazy(
        "posts with possibly more holders at the same time than seats"
    )

    def broken(self):
        posts = Post.objects.all()
        certain = {}
        for found in overfull(posts):
            certain.setdefault(found.post, set()).update(found.slugs)
        for found in overfull(posts, Certainty.POSSIBLE):
            if certain.get(found.post, set()).issuperset(found.slugs):
                continue  # they certainly did
            message = _(
                "%(slugs)s may have held it at the same time, %(days)s, and "
                "its number of seats is %(seats)d; enter a more exact start or "
                "end, if a source has one."
            )
            yield self.place(found, message)


class Gaps(Rule):
    """Posts of one seat that nobody held for more than a day between two holders."""

    name = "gaps"
    level = Level.WARNING
    meaning = gettext_lazy("gaps between the holders of a post with one seat")

    def broken(self):
        for found in vacancies(Post.objects.filter(seats=1)):
            yield (
                Post.type_name(),
                found.post_slug,
                "",
                _(
                    "No holder is recorded %(days)s, between “%(before)s” and "
                    "“%(after)s”; add the missing appointment."
                )
                % {
                    "days": _days(found.first, found.last),
                    "before": found.before,
                    "after": found.after,
                },
            )


class OutsidePost(Outside):
    """Appointments that certainly lasted when their post was not there."""

    name = "outside-post"
    meaning = gettext_lazy("appointments that began before, or ended after, their post")
    within = ((Appointment, "post"),)


class OutsideAgency(Outside):
    """Posts and names that certainly lasted when their agency was not there."""

    name = "outside-agency"
    meaning = gettext_lazy(
        "posts and names that began before, or ended after, their agency"
    )
    within = ((Post, "agency"), (AgencyName, "agency"))
