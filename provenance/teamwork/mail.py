"""Tells staff by e-mail what waits for them: those who want it, where mail is set up.

A mail says what there is and where, and nothing of what the record says.
"""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ..models import Attention
from .matters import assigned_to, changed_for, said_to

logger = logging.getLogger(__name__)


def is_set_up():
    """Whether this site sends mail at all."""
    return bool(settings.EMAIL_HOST)


def send_all(address, changed_in_views):
    """Sends a mail to each who has something new; how many were sent.

    ``address`` is that of the admin, to lead there. What changed in the views that
    somebody watches is asked of the lists: ``changed_in_views(user)`` gives them.
    """
    sent = 0
    wanted = Attention.objects.filter(
        by_mail=True, user__is_active=True, user__is_staff=True
    ).exclude(user__email="")
    for attention in wanted.select_related("user"):
        now = timezone.now()
        lines = list(_lines(attention, changed_in_views))
        if lines:
            subject = _("bordersec: what waits for you")
            text = "\n".join([*lines, "", address])
            try:
                send_mail(subject, text, None, [attention.user.email])
            except (SMTPException, OSError) as error:
                logger.warning("A mail was not sent", exc_info=error)
                continue  # what is new is told the next time
            sent += 1
        attention.mailed_at = now
        attention.save(update_fields=["mailed_at"])
    return sent


def _lines(attention, changed_in_views):
    user, since = attention.user, attention.mailed_at
    with override(settings.LANGUAGE_CODE):
        given, said = assigned_to(user, since), said_to(user, since)
        changed = {one.number for one in changed_for(user, 0) if one.at > since}
        changed |= {one.number for one in changed_in_views(user) if one.at > since}
        if given:
            yield ngettext(
                "%d record or dispute was assigned to you.",
                "%d records or disputes were assigned to you.",
                len(given),
            ) % len(given)
        if said:
            yield ngettext(
                "%d comment is for you.", "%d comments are for you.", len(said)
            ) % len(said)
        if changed:
            yield ngettext(
                "%d change touched what you watch.",
                "%d changes touched what you watch.",
                len(changed),
            ) % len(changed)
