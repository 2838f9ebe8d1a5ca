"""Disputes about posts: more certain holders at one time than there are seats."""

from collections import defaultdict

from provenance.db.batches import batches, filtered
from provenance.evidence.disputes import derive, derive_between, disputed_in
from provenance.values.contradiction import Contradiction

from .holders import overfull
from .models import Agency, Appointment, Official, Post


def refresh(change):
    """Derives anew who held a post that a change touched, or an appointment to it."""
    posts = change.keys(Post) | posts_of(change.keys(Appointment))
    posts |= disputed_in(change, Post)
    # Who may be seen is who is seen to hold it.
    keys = Post.objects.order_by().values_list("pk", flat=True)
    posts |= set(filtered(keys, appointments__official=change.moved.get(Official, ())))
    posts |= set(filtered(keys, agency=change.moved.get(Agency, ())))
    if posts:
        derive_holders(posts)
        derive(Appointment, in_dispute_at(posts))


def posts_of(appointments):
    """The posts that these are appointments to, and ever were."""
    past = Appointment.history.order_by().values_list("post", flat=True)
    return set(filtered(past, id=appointments))


def in_dispute_at(posts):
    """The appointments to these posts that sources contradict: each bears on others."""
    disputes = Appointment.dispute_model().objects.order_by()
    return set(filtered(disputes.values_list("record", flat=True), record__post=posts))


def derive_holders(posts):
    """Derives who else certainly held these posts while all seats were taken."""
    for batch in batches(sorted(posts)):
        against = defaultdict(lambda: (set(), set()))
        for crowd in overfull(batch):
            against[crowd.post][0].update(_parts(crowd))
        if against:  # else there is none among those that are public either
            for crowd in overfull(batch, among=Appointment.objects.published()):
                against[crowd.post][1].update(_parts(crowd))
        derive_between(Post, batch, Contradiction.HOLDER, against)


def _parts(crowd):
    return [f"{crowd.first}..{crowd.last}", *crowd.slugs]
