"""Disputes about posts: more certain holders at one time than there are seats."""

from collections import defaultdict

from django.db.models import Q

from provenance.agreement import Contradiction
from provenance.disputes import derive, derive_between, disputed_in, moved

from .holders import overfull
from .models import Agency, Appointment, Official, Post


def refresh(change):
    """Derives anew who held a post that a change touched, or an appointment to it."""
    posts = change.keys(Post) | posts_of(change.keys(Appointment))
    posts |= disputed_in(change, Post)
    # Who may be seen is who is seen to hold it.
    held = Q(appointments__official__in=moved(change, Official))
    held |= Q(agency__in=moved(change, Agency))
    posts |= set(Post.objects.filter(held).values_list("pk", flat=True))
    if posts:
        derive_holders(posts)
        derive(Appointment, in_dispute_at(posts))


def posts_of(appointments):
    """The posts that these are appointments to, and ever were."""
    past = Appointment.history.filter(id__in=appointments)
    return set(past.values_list("post", flat=True))


def in_dispute_at(posts):
    """The appointments to these posts that sources contradict: each bears on others."""
    disputes = Appointment.dispute_model().objects.filter(record__post__in=posts)
    return set(disputes.values_list("record", flat=True))


def derive_holders(posts):
    """Derives who else certainly held these posts while all seats were taken."""
    against = defaultdict(lambda: (set(), set()))
    for crowd in overfull(posts):
        against[crowd.post][0].update(_parts(crowd))
    for crowd in overfull(posts, among=Appointment.objects.published()):
        against[crowd.post][1].update(_parts(crowd))
    derive_between(Post, posts, Contradiction.HOLDER, against)


def _parts(crowd):
    return [f"{crowd.first}..{crowd.last}", *crowd.slugs]
