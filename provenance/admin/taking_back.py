"""The admin's pages that take back a change or restore a record, after a preview."""

from hashlib import sha256
from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..history.reading import tracked_models
from ..history.undo import CannotUndo, rehearse
from ..history.wording import GONE, MADE
from ..models import Record
from ..review.permissions import may
from .addresses import address, led_back

PUBLISHED = Record.Status.PUBLISHED
SHOWN = 300  # differences on one page: nobody reads more
HIDDEN = gettext_lazy(
    "This cannot be taken back, possibly because of a record that "
    "you have no permission to view; ask somebody who can view all "
    "of them."
)


def may_take_back(user):
    """Whether somebody may take back anything at all."""
    return user.has_perm("provenance.take_back_changes")


def may_see(user, difference):
    """Whether somebody may look at such records, and at such rows of them."""
    return all(
        may_look_at(user, model)
        for model in {difference.record.model, difference.model}
    )


def may_look_at(user, model):
    """Whether somebody may look at such rows."""
    return may(user, "view", model) or may(user, "change", model)


def _may_see_all(user):
    """Whether somebody may look at whatever could stand in the way of an act."""
    return all(may_look_at(user, model) for model in tracked_models())


def by_record(differences):
    """Differences record by record, each with its address if it has a page."""
    return [
        (record, address_of(record), list(several))
        for record, several in groupby(differences, lambda each: each.record)
    ]


def address_of(record):
    """Where the history of a record stands; empty if it is no record with a page."""
    if not issubclass(record.model, Record):
        return ""
    return address(record.model, "history", record.key)


def confirmed(site, request, act, *args, title, back):
    """Answers with what an act would do; does it once just that has been confirmed."""
    if request.method != "POST":
        return led_back(request, back)
    if not may_take_back(request.user):
        raise PermissionDenied
    obstacles, differences = [], []
    try:
        differences = rehearse(act, *args)
        obstacles = list(dict.fromkeys(_not_permitted(request.user, differences)))
    except CannotUndo as error:
        obstacles = error.messages if _may_see_all(request.user) else [HIDDEN]
    seal, seen = _seal(differences), request.POST.get("seal", "")
    if not obstacles and seen == seal:
        act(*args)
        messages.success(request, _("Done: %s") % title)
        return HttpResponseRedirect(back)
    if seen and not obstacles:
        messages.warning(
            request,
            _("The record changed after the preview was made; check the new preview."),
        )
    shown = [each for each in differences if may_see(request.user, each)]
    context = {
        **site.each_context(request),
        "title": title,
        "obstacles": obstacles,
        "records": by_record(shown[:SHOWN]),
        "more": max(0, len(shown) - SHOWN),
        "seal": seal,
        "back": back,
    }
    return TemplateResponse(request, "provenance/take_back.html", context)


def _seal(differences):
    """Tells what was shown from anything else that might be done instead."""
    words = [f"{each.record.key} {each.key} {each.in_words}" for each in differences]
    return sha256("\n".join(words).encode()).hexdigest()


def _not_permitted(user, differences):
    """A sentence for each thing that somebody may not do."""
    for difference in differences:
        kind = difference.record.model
        if not may(user, "change", kind):
            yield _(
                "You may not change %(kind)s; ask somebody who may to take this back."
            ) % {"kind": kind._meta.verbose_name_plural}
        elif _is_of_the_public(difference) and not user.has_perm(
            "provenance.publish_records"
        ):
            yield _(
                "“%(record)s” is or would be published; ask somebody who may publish."
            ) % {"record": difference.record}


def _is_of_the_public(difference):
    """Whether it publishes something, or takes it from the public."""
    if difference.row or difference.field != "status":
        return False
    told = {GONE: [difference.old], MADE: [difference.new]}
    return PUBLISHED in told.get(difference.what, [difference.old, difference.new])


def changes_address(number=None):
    """Where a change stands, or the list of them."""
    if number is None:
        return reverse("admin:changes")
    return reverse("admin:change_set", args=[number])
