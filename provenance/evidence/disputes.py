"""Disputes: where sources or other records contradict what is recorded.

They are derived at the end of every change from what it touched, so that a list of them
costs the same however many citations there are.
"""

from collections import defaultdict
from itertools import chain

from django.db.models import Prefetch

from ..db.batches import WITH_ROWS, batches, filtered
from ..db.keys import Keys, in_runs
from ..models import Citation, Dispute, Record, Source
from ..registry.kinds import record_types
from ..tracking.bulk import delete_many, insert_many, update_many
from ..tracking.changes import open_change
from ..values.contradiction import Contradiction, Standing
from ..values.stated_values import kinds_named, split_list
from .retold import Answer, other_answers, reach

OPEN, SETTLED = Dispute.State.OPEN, Dispute.State.SETTLED
UNRESOLVED = Citation.Assessment.UNRESOLVED
PUBLISHED = Record.Status.PUBLISHED


def cited_models():
    """The kinds of record that are cited; those of event share one."""
    return [citations.cited_model() for citations in Citation.__subclasses__()]


def numbers():
    """How many disputes are open."""
    kinds = Dispute.__subclasses__()
    found = sum(kind.objects.filter(state=OPEN).order_by().count() for kind in kinds)
    yield "disputes_open", "Disputes that nobody has settled.", found


# What sources contradict


def refresh(change):
    """Derives anew what sources contradict in the records that a change touched."""
    sources = change.keys(Source)
    change.moved = {
        kind: moved
        for kind, keys in change.restated.items()
        if issubclass(kind, Record) and (moved := _moved(change, kind, keys))
    }
    keys_of = {}
    for model in cited_models():
        # Of what is new only a statement can say otherwise.
        touched = change.keys(model)
        fresh = touched - change.known_keys(model)
        keys = (touched | change.owners.get(model, set())) - fresh
        citations = model.citation_model()
        cited = change.keys(citations)
        if sources or cited:
            stating = citations.objects.exclude(stated="").order_by()
            records = stating.values_list("record", flat=True)
            keys |= set(filtered(records, source=sources))
            for some in in_runs(cited):
                keys |= set(records.filter(some))
        for kind, records in change.moved.items():
            keys |= _in_dispute_naming(model, kind, records)
        keys_of[model] = keys
    reach(keys_of, change)
    for model, keys in keys_of.items():
        if keys:
            derive(model, keys)


def _moved(change, model, keys):
    """Those of these records that came before the public, or ceased to be."""
    known = sorted(keys - change.fresh.get(model, Keys()))
    past = model.history.exclude(change_set=change.row).order_by("history_id")
    found = []
    for keys in batches(known):
        before = dict(past.filter(id__in=keys).values_list("id", "status"))
        found += [
            record
            for record in model._base_manager.filter(pk__in=before)
            if PUBLISHED in {record.status, before[record.pk]}
            and record.status != before[record.pk]
        ]
    return found


def _in_dispute_naming(model, kind, records):
    """The records in dispute that name one of these, or of which a source does."""
    disputes = model.dispute_model().objects.exclude(field="")
    slugs, fields, found = {record.slug for record in records}, set(), set()
    for holder in {model, *record_types().values()}:
        if not issubclass(holder, model):
            continue
        path = "record" if holder is model else f"record__{holder.type_name()}"
        for name in holder.citable:
            if any(issubclass(kind, named) for named in kinds_named(holder, name)):
                fields.add(name)
        for column in holder._meta.local_concrete_fields:
            if column.is_relation and column.related_model is kind:
                naming = disputes.values_list("record", flat=True)
                keys = [record.pk for record in records]
                found |= set(filtered(naming, **{f"{path}__{column.name}": keys}))
    if fields:
        statements = model.citation_model().objects.exclude(stated="")
        statements = statements.filter(
            field__in=fields, record__in=disputes.values("record")
        )
        for key, stated in statements.values_list("record", "stated").iterator():
            if not slugs.isdisjoint(split_list(stated)):
                found.add(key)
    return found


def derive(model, keys):
    """Derives what sources contradict in these records."""
    for batch in batches(sorted(keys), WITH_ROWS):
        _derive(model, set(batch))


def _derive(model, keys):
    standing = _standing(model.dispute_model().objects.exclude(field=""), keys)
    of_a_field = model.citation_model().objects.filter(record__in=keys)
    of_a_field = of_a_field.exclude(field="").order_by()
    cited = set(of_a_field.values_list("record", flat=True))
    found = _contradictions(model, cited)
    for answer, kind, citations in _said_elsewhere(model, keys):
        found[*answer, kind] += citations
    public = _public_among(chain.from_iterable(found.values()))
    written = _Written(model.dispute_model())
    for (key, field, kind), citations in found.items():
        known = [citation for citation in citations if citation in public]
        if kind == Contradiction.UNCONFIRMED:
            known = []  # a task for curators
        written.add(
            standing.pop((key, field, kind), None),
            record_id=key,
            field=field,
            kind=kind,
            state=_state_of(citations),
            public_state=_state_of(known),
        )
    written.finish(gone=standing.values())


def _standing(disputes, keys):
    """The disputes on record about these, by what they are about."""
    return {
        (dispute.record_id, dispute.field, dispute.kind): dispute
        for dispute in disputes.filter(record__in=keys).order_by()
    }


def _said_elsewhere(model, keys):
    """What contradicts other records that answer what these do: the key and the field
    of one of these, the kind of contradiction, and the citations.
    """
    shared, said = other_answers(model, keys), defaultdict(list)
    for kind in {answer.model for answers in shared.values() for answer in answers}:
        answers = [each for several in shared.values() for each in several]
        others = {answer.key for answer in answers if answer.model is kind}
        for (key, field, sort), citations in _contradictions(kind, others).items():
            if sort != Contradiction.UNCONFIRMED:
                said[Answer(kind, key, field)].append((sort, citations))
    for own, answers in shared.items():
        for answer in answers:
            for sort, citations in said[answer]:
                yield own, sort, citations


def _contradictions(model, keys):
    """The citations that do not support what is recorded, by record, field and kind."""
    found, doubtful = defaultdict(list), []
    if not keys:
        return found
    for record in _with_all_that_is_compared(model, keys):
        for citation in record.citations.all():
            citation.record = record
            if citation.field and (
                citation.needs_another_look
                or citation.agreement == Standing.CONTRADICTS
            ):
                doubtful.append((record.holder_of(citation.field), citation))
    for model in {type(holder) for holder, _citation in doubtful}:
        model.look_ahead(
            [
                (holder, citation.field, citation.stated)
                for holder, citation in doubtful
                if type(holder) is model and citation.stated
            ]
        )
    for holder, citation in doubtful:
        kind = Contradiction.UNCONFIRMED
        if citation.stated:  # else it supports what is recorded, or did
            kind = holder.kind_of_dispute(citation.field, citation.stated)
        found[citation.record_id, citation.field, kind].append(citation)
    return found


def _state_of(citations):
    if not citations:
        return ""
    return SETTLED if all(citation.is_settled for citation in citations) else OPEN


def _public_among(citations):
    """Those of which the public may know what is stated, and what is recorded."""
    naming, wanted = {}, defaultdict(set)
    for citation in citations:
        holder = citation.record.holder_of(citation.field)
        if not citation.source.is_public:
            continue
        named = kinds_named(type(holder), citation.field)
        if named and citation.field not in holder.lists:
            recorded = getattr(holder, citation.field)
            if recorded is not None and not recorded.is_public:
                continue
        slugs = split_list(citation.stated) if named else ()
        naming[citation] = named, slugs
        wanted[named].update(slugs)
    known = {
        kinds: {
            slug
            for kind in kinds
            for slug in filtered(
                kind.objects.published().values_list("slug", flat=True), slug=slugs
            )
        }
        for kinds, slugs in wanted.items()
    }
    return {
        citation
        for citation, (named, slugs) in naming.items()
        if known[named].issuperset(slugs)
    }


def _with_all_that_is_compared(model, keys):
    """These records of a kind with what their statements are compared with."""
    citations = model.citation_model().objects
    of_fields = citations.filter(record__in=keys).exclude(field="").order_by()
    names = set(of_fields.values_list("field", flat=True).distinct())
    cited = Prefetch("citations", citations.select_related("source"))
    return model.with_what_is_cited(names).filter(pk__in=keys).prefetch_related(cited)


# What other records contradict

AND = "; "  # between the parts of what other records say


def disputed_in(change, model):
    """The records of a kind of which a change touched a dispute."""
    disputes = model.dispute_model()
    touched = disputes.objects.order_by().values_list("record", flat=True)
    return set(filtered(touched, pk=change.keys(disputes)))


def derive_between(model, keys, kind, against):
    """Derives what other records contradict in these of a kind.

    ``against`` has of each record that is contradicted the parts of what the others
    say, and those of it that the public may know: none, if it may not know of any.
    """
    for batch in batches(sorted({*keys, *against})):
        _derive_between(model, batch, kind, against)


def _derive_between(model, keys, kind, against):
    disputes = model.dispute_model()
    standing = _standing(disputes.objects.filter(field=""), keys)
    written = _Written(disputes)
    for key in keys:
        if key not in against:
            continue
        said, public = against[key]
        dispute = standing.pop((key, "", kind), None)
        text = AND.join(sorted({*said, *public}))
        # A table leaves out what it was checked against if that is said now.
        assessment = dispute.assessment if dispute else ""
        checked = dispute.checked_against if dispute else ""
        checked = checked or (text if assessment else "")
        settled = (
            set(checked.split(AND)) if assessment not in ("", UNRESOLVED) else set()
        )
        written.add(
            dispute,
            record_id=key,
            field="",
            kind=kind,
            state=SETTLED if settled.issuperset(said) else OPEN,
            public_state=(SETTLED if settled.issuperset(public) else OPEN)
            if public
            else "",
            against=text,
            checked_against=checked,
        )
    written.finish(gone=standing.values())


class _Written:
    """Disputes that are written together: those that are new, and that have changed."""

    def __init__(self, model):
        self.model, self.made, self.changed = model, [], []

    def add(self, dispute, **values):
        """Takes up a dispute if it has changed; it opens when it is found, or again."""
        before = {name: dispute and getattr(dispute, name) for name in values}
        if before == values:
            return
        if values["state"] == OPEN and before["state"] != OPEN:
            values["opened_at"] = open_change().row.at
        elif dispute:
            values["opened_at"] = dispute.opened_at
        if dispute:
            self.changed.append(values | {"id": dispute.pk})
        else:
            self.made.append(values)

    def finish(self, gone):
        """Writes them, and deletes those that are gone."""
        change = open_change()
        insert_many(self.model, self.made, change)
        if self.changed:
            update_many(
                self.model, self.changed, self.changed[0].keys() - {"id"}, change
            )
        delete_many(self.model, [dispute.pk for dispute in gone], change)
