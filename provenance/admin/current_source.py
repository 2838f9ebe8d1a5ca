"""The current source of a curator's session, proposed as citation of new records.

It is kept with the session. Until it is dropped it is put forward as the citation of
every record that is added or amended.
"""

from ..models import Source
from ..review.permissions import may

KEPT_AS = "source_in_hand"


def current_source(request):
    """The source that this person is entering; None if there is none to be seen."""
    key = request.session.get(KEPT_AS)
    if key is None or not any(may(request.user, v, Source) for v in ("view", "change")):
        return None
    return Source.objects.filter(pk=key).first()


def start_entering(request, source):
    """Enters this source from now on."""
    request.session[KEPT_AS] = source.pk


def stop_entering(request):
    """Enters no source any more."""
    request.session.pop(KEPT_AS, None)
