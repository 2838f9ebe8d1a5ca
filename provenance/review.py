"""Review: how a record comes before the public, who brings it there, what is missing.

``check`` looks at each change as a whole before it is committed: everything that is
wrong with it is said at once, with the record and the remedy.
"""

from collections import defaultdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from .changes import ChangeSet
from .models import Record
from .tracking import Tracked

DRAFT, IN_REVIEW, PUBLISHED, WITHDRAWN = Record.Status
PUBLISH = "provenance.publish_records"

# What each may become. What has been public is cited elsewhere: it is no draft again.
TRANSITIONS = {
    None: set(Record.Status),  # it is made
    DRAFT: {IN_REVIEW, PUBLISHED},
    IN_REVIEW: {DRAFT, PUBLISHED},
    PUBLISHED: {WITHDRAWN},
    WITHDRAWN: {IN_REVIEW, PUBLISHED},
}
# Ways that put back what was there before: the permission each needs, if not PUBLISH.
PUTTING_BACK = {
    ChangeSet.Path.UNDO: "provenance.take_back_changes",
    ChangeSet.Path.MERGE: "provenance.merge_records",
}
MANY = 1000  # records that are looked at in one query
TRACES = {"status", "version", "updated_at"}  # columns that any write of it changes


class Refusal(ValidationError):
    """One reason why a change of a record is refused."""

    def __init__(self, record, message, code):
        self.record = record
        super().__init__(f"“{record}”: {message}", code)


def may_become(user, status):
    """What a user may set the status of such a record to, as far as rights go."""
    allowed = {status} | TRANSITIONS[status]
    if user.has_perm(PUBLISH):
        return allowed
    if status == PUBLISHED:
        return {PUBLISHED}
    return allowed - {PUBLISHED, WITHDRAWN} | {status or DRAFT}


def may_correct(user, record):
    """Whether a user may change a record in place, which may be public already."""
    return (
        not settings.FOUR_EYES or record.status != PUBLISHED or user.has_perm(PUBLISH)
    )


# What is missing


def missing(record):
    """What keeps a record from being published, a sentence each."""
    return missing_of([record])[record.pk]


def missing_of(records):
    """What keeps each of these records of one kind from being published, by key."""
    model = type(records[0])
    found = defaultdict(list)
    for path in model.public_through:
        for record in records:
            needed = _at(record, path)
            if needed.status != PUBLISHED:
                found[record.pk].append(
                    _("publish the %(kind)s “%(needed)s” before it.")
                    % {"kind": needed._meta.verbose_name, "needed": needed}
                )
    if not hasattr(model, "citations"):
        return found  # sources are cited, and have no citations
    cited = defaultdict(set)
    rows = model.citation_model().objects.filter(record__in=[r.pk for r in records])
    for key, field, status in rows.values_list("record", "field", "source__status"):
        cited[key].add((field, status))
    for record in records:
        if why := _uncited(record, cited[record.pk]):
            found[record.pk].append(why)
    return found


def _at(record, path):
    for name in path.split("__"):
        record = getattr(record, name)
    return record


def _uncited(record, citations):
    """What is missing among the citations, given the field and status of each."""
    if not citations:
        return _("it has no citation; name a source for it.")
    public = {field for field, status in citations if status == PUBLISHED}
    if not public:
        return _("none of the sources cited for it is published; publish one.")
    if getattr(record, "value", "") and not public & {"", "value"}:
        return _("no published source is cited for its value; name one.")
    return ""


# What a change may do


def check(change):
    """Refuses a change after which something would be public that must not be."""
    if change.path == ChangeSet.Path.OTHER:
        return  # written in a shell, by who may write anything
    refusals = [
        refusal
        for model in sorted(change.touched, key=lambda model: model._meta.label)
        if issubclass(model, Record)
        for keys in _some(sorted(change.touched[model]))
        for refusal in _refusals(change, model, keys)
    ]
    if refusals:
        raise ValidationError(refusals)


def _some(keys):
    """The keys, as many at once as one query takes."""
    return (keys[start : start + MANY] for start in range(0, len(keys), MANY))


def _refusals(change, model, keys):
    """Why a change of these records is refused."""
    before = _states_before(change, model, keys)
    needed = model.public_through
    records = model._base_manager.select_related(*needed).in_bulk(keys)
    for key in keys:
        if key not in records and before.get(key) in (PUBLISHED, WITHDRAWN):
            yield from _deleted(change, model, key)
    moved = [record for key, record in records.items() if record.status != before[key]]
    for record in moved:
        yield from _moved(change, record, before[record.pk])
    published = [record for record in moved if record.status == PUBLISHED]
    lacking = missing_of(published) if published else {}
    for record in published:
        for sentence in lacking[record.pk]:
            yield Refusal(record, sentence, "missing")
    for key, record in records.items():
        if before[key] == record.status == PUBLISHED:
            yield from _corrected(change, record)


def _states_before(change, model, keys):
    """The status of each record before the change; None of what it has made."""
    history, states = model.history.model, dict.fromkeys(keys)
    rows = history.objects.filter(id__in=keys).exclude(change_set=change.row)
    for key, status, how in rows.order_by("history_id").values_list(
        "id", "status", "history_type"
    ):
        states[key] = None if how == "-" else status
    return states


def _deleted(change, model, key):
    if change.path in PUTTING_BACK:
        return
    record = model.history.filter(id=key).latest("history_id").instance
    yield Refusal(
        record, _("it has been public, and is not deleted; withdraw it."), "kept"
    )


def _moved(change, record, before):
    """Why a record may not have the status that it was given."""
    back = change.path in PUTTING_BACK
    if not back and record.status not in TRANSITIONS[before]:
        yield Refusal(record, _no_way(record, before), "transition")
        return
    public = {PUBLISHED, WITHDRAWN} & {record.status}
    if change.user is None or not (public or before == PUBLISHED):
        return
    needed = PUTTING_BACK.get(change.path, PUBLISH)
    if not change.user.has_perm(needed):
        message = (
            _("you may not publish or withdraw it; submit it for review.")
            if needed == PUBLISH
            else _("you may not put it before the public again, or take it away.")
        )
        yield Refusal(record, message, "permission")
    elif (
        settings.FOUR_EYES
        and not back
        and record.status == PUBLISHED
        and change.user.pk in authors(record)
    ):
        message = _("you wrote it yourself; somebody else has to publish it.")
        yield Refusal(record, message, "four_eyes")


def _no_way(record, before):
    ways = [str(word.label) for word in Record.Status if word in TRANSITIONS[before]]
    return _("it is %(before)s, and can only become: %(ways)s.") % {
        "before": Record.Status(before).label,
        "ways": ", ".join(ways),
    }


def _corrected(change, record):
    """Why a record that stays public may not be changed like this."""
    if (
        change.user is not None
        and change.path not in PUTTING_BACK
        and not may_correct(change.user, record)
    ):
        message = _(
            "it is published, and only who may publish it may change it; ask one of "
            "them to do it, or to withdraw it."
        )
        yield Refusal(record, message, "permission")
    if _lost_its_citations(change, record):
        message = _("it is published, and this was its last citation; keep one.")
        yield Refusal(record, message, "missing")


def _lost_its_citations(change, record):
    """Whether a record that was cited before a change no longer is."""
    cites = getattr(record, "citations", None)
    if cites is None or cites.model not in change.touched or cites.exists():
        return False
    before = cites.model.history.filter(record=record.pk)
    return before.exclude(change_set=change.row).exists()


# Who wrote it


def authors(record):
    """The keys of those who wrote a record since it was last published, or was made.

    Whoever only moved it from one status to another did not write it.
    """
    steps = list(record.history.order_by("history_id").values())
    before = [None, *steps[:-1]]
    public = [
        number for number, row in enumerate(steps[:-1]) if row["status"] == PUBLISHED
    ]
    start = public[-1] + 1 if public else 0
    return {
        row["history_user_id"]
        for past, row in list(zip(before, steps, strict=True))[start:]
        if row["history_user_id"] and not _only_moved(record, past, row)
    }


def _only_moved(record, past, row):
    """Whether a write changed the status of a record and nothing else of it."""
    if past is None or past["status"] == row["status"]:
        return False
    written = {
        name
        for name in row
        if not name.startswith(("history_", "change_set")) and row[name] != past[name]
    }
    return written <= TRACES and not any(
        part.history.filter(
            **{part.owner: record.pk}, change_set=row["change_set_id"]
        ).exists()
        for part in parts_of(type(record))
    )


def parts_of(model):
    """The models of the rows and citations that belong to such records."""
    return [
        relation.related_model
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, Tracked)
        and relation.related_model.owner == relation.field.name
    ]
