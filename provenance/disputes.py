"""Disputes: where sources or other records contradict what is recorded.

They are derived at the end of every change from what it touched, so that a list of them
costs the same however many citations there are.
"""

import re
from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from .agreement import Contradiction, Standing
from .batches import batches
from .changes import ChangeSet, changing, open_change
from .kinds import record_types
from .models import Citation, Dispute, Record, Source
from .statements import kinds_named, split_list

OPEN, SETTLED = Dispute.State.OPEN, Dispute.State.SETTLED
UNRESOLVED = Citation.Assessment.UNRESOLVED
PUBLISHED = Record.Status.PUBLISHED
AT_ONCE = 500  # records that are looked at together


def cited_models():
    """The kinds of record that are cited; those of event share one."""
    return [citations.cited_model() for citations in Citation.__subclasses__()]


# What sources contradict


def refresh(change):
    """Derives anew what sources contradict in the records that a change touched."""
    sources = change.keys(Source)
    for model in cited_models():
        keys = change.keys(model) | change.owners.get(model, set())
        if sources:
            stating = model.citation_model().objects.filter(source__in=sources)
            keys |= set(stating.exclude(stated="").values_list("record", flat=True))
        for kind in set(change.touched):
            if issubclass(kind, Record) and (records := moved(change, kind)):
                keys |= _in_dispute_naming(model, kind, records)
        if keys:
            derive(model, keys, new=_made_by(change, model, keys))


def moved(change, model):
    """The touched records of a kind that came before the public, or ceased to be."""
    keys = change.touched.get(model, set())
    if not keys or not hasattr(model, "history"):
        return []
    past = model.history.filter(id__in=keys).exclude(change_set=change.row)
    before = dict(past.order_by("history_id").values_list("id", "status"))
    return [
        record
        for record in model._base_manager.filter(pk__in=before)
        if PUBLISHED in {record.status, before[record.pk]}
        and record.status != before[record.pk]
    ]


def _in_dispute_naming(model, kind, records):
    """The records in dispute that name one of these, or of which a source does."""
    return {
        key
        for part in batches(records, AT_ONCE)
        for key in _naming_some(model, kind, part)
    }


def _naming_some(model, kind, records):
    """The same of no more records than one condition takes."""
    named, keys = Q(), [record.pk for record in records]
    for record in records:
        named |= Q(record__citations__stated__contains=record.slug)
    for holder in record_types().values():
        if issubclass(holder, model):
            path = "record" if holder is model else f"record__{holder.type_name()}"
            for column in holder._meta.local_concrete_fields:
                if column.is_relation and column.related_model is kind:
                    named |= Q(**{f"{path}__{column.name}__in": keys})
    disputes = model.dispute_model().objects.exclude(field="").filter(named)
    return set(disputes.values_list("record", flat=True))


def derive(model, keys, new=frozenset()):
    """Derives what sources contradict in these records; the new ones have no past."""
    keys = sorted(keys)
    for start in range(0, len(keys), AT_ONCE):
        _derive(model, set(keys[start : start + AT_ONCE]), new)


def _derive(model, keys, new):
    citations = model.citation_model().objects.filter(record__in=keys)
    standing = _standing(model.dispute_model().objects.exclude(field=""), keys)
    stating = set(citations.exclude(stated="").values_list("record", flat=True))
    concerned = stating | {key for key, *_ in standing} | (keys - new)
    for record in _with_all_that_is_compared(model).filter(pk__in=concerned):
        for (field, kind), citations in _contradictions(record).items():
            dispute = standing.pop((record.pk, field, kind), None)
            public = [citation for citation in citations if _is_public(citation)]
            if kind == Contradiction.UNCONFIRMED:
                public = []  # a task for curators
            _write(
                dispute or model.dispute_model()(record=record, field=field, kind=kind),
                state=_state_of(citations),
                public_state=_state_of(public),
            )
    for dispute in standing.values():
        dispute.delete()


def _made_by(change, model, keys):
    """The records that a change has made: nothing was cited for them before."""
    made = set()
    for kind in change.touched:
        if issubclass(kind, model) and hasattr(kind, "history"):
            rows = kind.history.filter(change_set=change.row, history_type="+")
            made.update(rows.values_list(kind._meta.pk.attname, flat=True))
    return made & keys


def _standing(disputes, keys):
    """The disputes on record about these, by what they are about."""
    return {
        (dispute.record_id, dispute.field, dispute.kind): dispute
        for dispute in disputes.filter(record__in=keys)
    }


def _contradictions(record):
    """The citations that do not support what is recorded, by field and kind."""
    found = defaultdict(list)
    for citation in record.citations.all():
        if not citation.field:
            continue
        citation.record = record
        if citation.needs_another_look:
            found[citation.field, Contradiction.UNCONFIRMED].append(citation)
        elif citation.agreement == Standing.CONTRADICTS:
            holder = record.holder_of(citation.field)
            kind = holder.kind_of_dispute(citation.field, citation.stated)
            found[citation.field, kind].append(citation)
    return found


def _state_of(citations):
    if not citations:
        return ""
    return SETTLED if all(citation.is_settled for citation in citations) else OPEN


def _is_public(citation):
    """Whether the public may know what the source states, and what is recorded."""
    holder = citation.record.holder_of(citation.field)
    if not citation.source.is_public:
        return False
    named = kinds_named(type(holder), citation.field)
    if named and citation.field not in holder.lists:
        recorded = getattr(holder, citation.field)
        if recorded is not None and not recorded.is_public:
            return False
    return all(
        any(kind.objects.published().filter(slug=slug).exists() for kind in named)
        for slug in (split_list(citation.stated) if named else ())
    )


def _with_all_that_is_compared(model):
    """The records of a kind with what their statements are compared with."""
    citations = model.citation_model().objects.select_related("source")
    return model.with_what_is_cited().prefetch_related(Prefetch("citations", citations))


# What other records contradict

AND = "; "  # between the parts of what other records say


def disputed_in(change, model):
    """The records of a kind of which a change touched a dispute."""
    disputes = model.dispute_model()
    touched = disputes.objects.filter(pk__in=change.keys(disputes))
    return set(touched.values_list("record", flat=True))


def derive_between(model, keys, kind, against):
    """Derives what other records contradict in these of a kind.

    ``against`` has of each record that is contradicted the parts of what the others
    say, and those of it that the public may know: none, if it may not know of any.
    """
    disputes = model.dispute_model().objects.filter(field="")
    standing = _standing(disputes, keys)
    for key, (said, public) in sorted(against.items()):
        dispute = standing.pop((key, "", kind), None)
        if dispute is None:
            dispute = model.dispute_model()(record_id=key, kind=kind)
        text = AND.join(sorted({*said, *public}))
        # A table leaves out what it was checked against if that is said now.
        checked = dispute.checked_against or (text if dispute.assessment else "")
        settled = set()
        if dispute.assessment not in ("", UNRESOLVED):
            settled = set(checked.split(AND))
        _write(
            dispute,
            state=SETTLED if settled.issuperset(said) else OPEN,
            public_state=(SETTLED if settled.issuperset(public) else OPEN)
            if public
            else "",
            against=text,
            checked_against=checked,
        )
    for dispute in standing.values():
        dispute.delete()


def _write(dispute, **values):
    """Writes a dispute if it has changed; it opens when it is found, or found again."""
    before = {name: getattr(dispute, name) for name in values}
    if dispute.pk and before == values:
        return
    if values["state"] == OPEN and (not dispute.pk or before["state"] != OPEN):
        dispute.opened_at = open_change().row.at
    for name, value in values.items():
        setattr(dispute, name, value)
    dispute.save()


# What a dispute rests on

NAMED = re.compile(r"(?:.+ \()?([a-z0-9-]+)\)?")


def statements_in(dispute, citations):
    """Those of these citations of its record that do not support what is recorded."""
    found = []
    for citation in citations:
        if citation.field != dispute.field or not dispute.field:
            continue
        if dispute.kind == Contradiction.UNCONFIRMED:
            if citation.needs_another_look:
                found.append(citation)
        elif citation.agreement == Standing.CONTRADICTS:
            holder = citation.record.holder_of(citation.field)
            kind = holder.kind_of_dispute(citation.field, citation.stated)
            if kind == dispute.kind:
                found.append(citation)
    return found


def version_of(dispute):
    """Counts the writes of a dispute and of its record, with all that is cited."""
    return dispute.record.version + dispute.history.count()


def others_in(dispute):
    """The other records that contradict its record, if it is they that do."""
    if dispute.field or not dispute.record.opposed_by:
        return []
    parts = [NAMED.fullmatch(part) for part in dispute.against.split(AND)]
    model = record_types()[dispute.record.opposed_by]
    return model.objects.filter(slug__in=[part[1] for part in parts if part])


# Settling


def settle(statement, assessment, note):
    """Settles what a citation says otherwise; ValidationError if that is no reason.

    It stays settled until another value is recorded.
    """
    if statement.agreement != Standing.CONTRADICTS:
        raise ValidationError(
            _("“%s” does not contradict what is recorded.") % statement.stated
        )
    statement.look_again()
    _assess(statement, assessment, note)


def settle_all(dispute, assessment, note):
    """Settles a dispute with all that it rests on; ValidationError if it cannot be."""
    with changing(ChangeSet.Path.OTHER):
        if not dispute.field:
            settle_between(dispute, assessment, note)
            return
        if dispute.kind == Contradiction.UNCONFIRMED:
            raise ValidationError(
                _(
                    "No source contradicts this; look whether each still supports it, "
                    "and confirm it or write what it states."
                )
            )
        citations = dispute.record.citations.select_related("source")
        for citation in statements_in(dispute, citations):
            settle(citation, assessment, note)


def settle_between(dispute, assessment, note):
    """Settles what other records say otherwise; ValidationError if that is no reason.

    It stays settled until they say something else.
    """
    with changing(ChangeSet.Path.OTHER):
        dispute.checked_against = dispute.against
        dispute.state = OPEN if assessment == UNRESOLVED else SETTLED
        dispute.public_state = dispute.public_state and dispute.state
        _assess(dispute, assessment, note)


def _assess(row, assessment, note):
    if not assessment:
        raise ValidationError({"assessment": _("Say why they contradict each other.")})
    if not note.strip():
        raise ValidationError({"note": _("Give the reason, for every reader.")})
    row.assessment, row.note = assessment, note
    row.full_clean()
    row.save()


def confirm(citation):
    """Says that a source supports what is recorded now as well."""
    citation.look_again()
    citation.save()
