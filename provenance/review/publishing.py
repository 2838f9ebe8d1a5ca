"""The review of records: their status, who may publish, what is missing.

``check`` looks at each change as a whole before it is committed: everything that is
wrong with it is said at once, with the record and the remedy.
"""

from collections import defaultdict

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..db.batches import Among, batches
from ..db.keys import Keys, in_runs
from ..models import Record
from ..tracking.changes import ChangeSet
from ..tracking.tracked import Tracked

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
        for keys in batches(_in_question(change, model))
        for refusal in _refusals(change, model, keys)
    ]
    if refusals:
        raise ValidationError(refusals)


def _in_question(change, model):
    """The touched records, but for new ones that are not public: those may be made."""
    fresh = change.fresh.get(model, Keys())
    yield from change.touched[model] - fresh
    shown = model._base_manager.filter(status__in=(PUBLISHED, WITHDRAWN)).order_by()
    for of_these in in_runs(fresh):
        yield from shown.filter(of_these).values_list("pk", flat=True).iterator()


def _refusals(change, model, keys):
    """Why a change of these records is refused."""
    before = _states_before(change, model, keys)
    rows = model._base_manager.filter(pk__in=Among(keys)).values_list("pk", "status")
    now = dict(rows.order_by())
    if change.path not in PUTTING_BACK:
        public = {PUBLISHED, WITHDRAWN}
        yield from _deleted(
            model, [k for k in keys if k not in now and before.get(k) in public]
        )
    moved = {key: now[key] for key in now if now[key] != before[key]}
    found = list(_moves_refused(change, model, moved, before))
    published = [key for key, status in moved.items() if status == PUBLISHED]
    found += _lacking(model, published)
    kept = [key for key in now if before[key] == now[key] == PUBLISHED]
    found += _corrections_refused(change, model, kept)
    records = model._base_manager.in_bulk({key for key, *_said in found})
    for key, message, code in found:
        yield Refusal(records[key], message, code)


def _states_before(change, model, keys):
    """The status of each record before the change; None of what it has made."""
    history, states = model.history.model, dict.fromkeys(keys)
    known = [key for key in keys if key not in change.fresh.get(model, ())]
    rows = history.objects.filter(id__in=Among(known)).exclude(change_set=change.row)
    for key, status, how in rows.order_by("history_id").values_list(
        "id", "status", "history_type"
    ):
        states[key] = None if how == "-" else status
    return states


def _lacking(model, keys):
    """What keeps these records from being published, a sentence each."""
    needed = {f"{path}__status": PUBLISHED for path in model.public_through}
    if hasattr(model, "citations"):
        needed |= {"citations__field": "", "citations__source__status": PUBLISHED}
    complete = model._base_manager.filter(pk__in=Among(keys), **needed).order_by()
    doubtful = set(keys) - set(complete.values_list("pk", flat=True))
    if doubtful:
        related = model._base_manager.select_related(*model.public_through)
        lacking = missing_of(list(related.filter(pk__in=doubtful)))
        for key in keys:
            for sentence in lacking.get(key, ()):
                yield key, sentence, "missing"


def _deleted(model, keys):
    """Why these records, which were public, may not be deleted."""
    past = model.history.filter(id__in=keys).order_by("history_id") if keys else ()
    last = {row.id: row for row in past}
    for key in keys:
        yield Refusal(
            last[key].instance,
            _("it has been public, and is not deleted; withdraw it."),
            "kept",
        )


def _moves_refused(change, model, moved, before):
    """Which records may not have the status that they were given, and why."""
    authors = {}
    if settings.FOUR_EYES and change.user is not None and moved:
        authors = authors_of(model, list(moved))
    back, may = change.path in PUTTING_BACK, True
    if change.user is not None:
        may = change.user.has_perm(PUTTING_BACK.get(change.path, PUBLISH))
    for key, status in moved.items():
        if not back and status not in TRANSITIONS[before[key]]:
            yield key, _no_way(status, before[key]), "transition"
        elif status not in (PUBLISHED, WITHDRAWN) and before[key] != PUBLISHED:
            continue
        elif not may:
            message = (
                _("you may not put it before the public again, or take it away.")
                if back
                else _("you may not publish or withdraw it; submit it for review.")
            )
            yield key, message, "permission"
        elif not back and status == PUBLISHED and _wrote(change.user, authors, key):
            message = _("you wrote it yourself; somebody else has to publish it.")
            yield key, message, "four_eyes"


def _wrote(user, authors, key):
    """Whether a user is among the authors of this record, where these are asked for."""
    return user is not None and user.pk in authors.get(key, ())


def _no_way(status, before):
    ways = [str(word.label) for word in Record.Status if word in TRANSITIONS[before]]
    return _("it is %(before)s, and can only become: %(ways)s.") % {
        "before": Record.Status(before).label,
        "ways": ", ".join(ways),
    }


def _corrections_refused(change, model, keys):
    """Which records that stay public may not be changed like this, and why."""
    may = (
        change.user is None
        or change.path in PUTTING_BACK
        or not settings.FOUR_EYES
        or change.user.has_perm(PUBLISH)
    )
    lost = _without_their_citations(change, model, keys)
    for key in keys:
        if not may:
            message = _(
                "it is published, and only who may publish it may change it; ask one "
                "of them to do it, or to withdraw it."
            )
            yield key, message, "permission"
        if key in lost:
            message = _("it is published, and this was its last citation; keep one.")
            yield key, message, "missing"


def _without_their_citations(change, model, keys):
    """Which of these records were cited before a change and are no longer."""
    if not hasattr(model, "citations"):
        return set()
    citations = model.citation_model()
    if citations not in change.touched:
        return set()
    there = citations.objects.filter(record__in=keys).values_list("record", flat=True)
    uncited = set(keys) - set(there.distinct().order_by())
    before = citations.history.filter(record__in=uncited).exclude(change_set=change.row)
    return set(before.values_list("record", flat=True))


# Who wrote it


def authors(record):
    """The keys of those who wrote a record since it was last published, or was made.

    Whoever only moved it from one status to another did not write it.
    """
    return authors_of(type(record), [record.pk])[record.pk]


def authors_of(model, keys):
    """Of each of these records the keys of those who wrote it."""
    history, parts = defaultdict(list), set()
    past = model.history.filter(**{f"{model._meta.pk.attname}__in": keys})
    for row in past.order_by("history_id").values():
        history[row[model._meta.pk.attname]].append(row)
    for part in parts_of(model):
        link = part._meta.get_field(part.owner).attname
        written = part.history.filter(**{f"{link}__in": keys}).order_by()
        parts.update(written.values_list(link, "change_set_id").distinct())
    return {key: _authors(history[key], parts, key) for key in keys}


def _authors(steps, parts, key):
    """Who wrote a record, given its history and the changes that wrote its parts."""
    before = [None, *steps[:-1]]
    public = [
        number for number, row in enumerate(steps[:-1]) if row["status"] == PUBLISHED
    ]
    start = public[-1] + 1 if public else 0
    return {
        row["history_user_id"]
        for past, row in list(zip(before, steps, strict=True))[start:]
        if row["history_user_id"]
        and not (_only_moved(past, row) and (key, row["change_set_id"]) not in parts)
    }


def _only_moved(past, row):
    """Whether a write changed the status of a record and nothing else of it."""
    if past is None or past["status"] == row["status"]:
        return False
    written = {
        name
        for name in row
        if not name.startswith(("history_", "change_set")) and row[name] != past[name]
    }
    return written <= TRACES


def parts_of(model):
    """The models of the rows and citations that belong to such records."""
    return [
        relation.related_model
        for relation in model._meta.related_objects
        if issubclass(relation.related_model, Tracked)
        and relation.related_model.owner == relation.field.name
    ]
