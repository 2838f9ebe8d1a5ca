"""What is done to many records of a list: shown first, confirmed, then one change."""

from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from ..tracking.changes import close, open_change
from .told import tell_first

ACROSS = "select_across"  # all that the filters leave, over all pages
MOST = 10_000  # records at once
SHOWN = 100  # records on a plan; nobody reads more
OWN = ("csrfmiddlewaretoken", "seal", "change_reason")  # what a plan sends by itself


def is_across(request):
    """Whether all that the filters leave is chosen, and not what a page has shown."""
    return request.POST.get(ACROSS, "0") != "0"


def chosen(model_admin, request, records):
    """The records that are chosen; None if they are more than can be done at once."""
    found = list(records[: MOST + 1])
    if len(found) <= MOST:
        return found
    said = _(
        "More than %(most)d records are selected. Narrow the list down by its filters."
    )
    model_admin.message_user(request, said % {"most": MOST}, messages.ERROR)
    return None


def done_at_once(act):
    """Does an act as a part of the open change, all of it or nothing of it.

    Returns why it is refused, a sentence each; nothing is written then.
    """
    change = open_change()
    before = change.noted()
    try:
        with transaction.atomic():
            act()
            close(change)
    except ValidationError as refused:
        change.forget_since(before)
        return refused.messages
    return []


def rehearsed(act):
    """Why an act would be refused, a sentence each; nothing is written."""
    change = open_change()
    before = change.noted()
    with transaction.atomic():
        try:
            act()
            close(change)
        except ValidationError as refused:
            return refused.messages
        finally:
            transaction.set_rollback(True)
            change.forget_since(before)
    return []


def tell_outcome(request, refusals, done):
    """Says that an act is done, or why it is refused."""
    if not refusals:
        messages.success(request, done)
        return
    tell_first(request, iter(refusals), len(refusals))
    said = _(
        "Nothing was changed: all selected records are changed together, or none is."
    )
    messages.error(request, said)


def kept_pairs(request):
    """What was chosen on the list and typed since, to be sent again with a page."""
    return [
        (name, text)
        for name, several in request.POST.lists()
        if name not in OWN
        for text in several
    ]


def as_planned(
    model_admin, request, records, act, said, needs_reason=False, changes=()
):
    """Does an act with these records once its plan has been confirmed.

    It is called what is ``said`` of it: before, and once it is done. ``changes`` has
    the label and the new value of what is set in all of them. Until it is confirmed the
    answer is the plan; then None. What has been seen is what is done: a record that was
    saved since makes another plan.
    """
    title, done = said
    change, seal = open_change(), _seal(records)
    sent = request.POST.get("seal", "")
    lacks_reason = needs_reason and not change.reason
    if sent == seal and not lacks_reason:
        tell_outcome(request, done_at_once(act), done)
        return None
    if sent == seal:
        messages.error(request, _("Give a reason. Nothing was done yet."))
    elif sent:
        said = _("Records were saved since this plan was made; check the new one.")
        messages.warning(request, said)
    refusals = rehearsed(act)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "number": len(records),
        "records": [(one, model_admin.address_of(one)) for one in records[:SHOWN]],
        "more": max(0, len(records) - SHOWN),
        "refusals": refusals[:SHOWN],
        "more_refusals": max(0, len(refusals) - SHOWN),
        "needs_reason": needs_reason,
        "seal": seal,
        "pairs": kept_pairs(request),
        "changes": changes,
        "back": request.get_full_path(),
    }
    return TemplateResponse(request, "provenance/bulk_plan.html", context)


def _seal(records):
    """Tells these records, as they are, from any others."""
    words = (f"{one.pk} {one.version}" for one in records)
    return sha256("\n".join(words).encode()).hexdigest()
