"""What a dispute rests on: what is recorded, who supports it, who says otherwise."""

import re
from collections import defaultdict
from itertools import chain

from ..db.batches import filtered
from ..registry.kinds import cited_types, record_types
from ..values.contradiction import Contradiction, Standing
from .disputes import AND
from .retold import other_answers
from .visibility import citations_seen, compared, hide_private_relations

NAMED = re.compile(r"(?:.+ \()?([a-z0-9-]+)\)?")


def lay_out(disputes, everything, supporting=True):
    """Gives disputes all that they rest on, as the reader may see it.

    ``record`` is one that statements can be compared with; ``statements`` are the
    citations that do not support it, those that nobody has settled first;
    ``supporting`` those that do, unless these are not asked for; ``others`` the records
    that contradict it; ``also`` those that answer the same, whose citations are among
    the others; ``reasons`` the rows that say why, each reason once. As many queries for
    many disputes of a kind as for one.
    """
    answers = _elsewhere(disputes)
    by_kind = defaultdict(list)
    for dispute in chain(disputes, *answers.values()):
        by_kind[dispute.record.record_type].append(dispute)
    for name, several in by_kind.items():
        _lay_out(cited_types()[name], several, everything, supporting)
    for dispute in disputes:
        others = answers.get(dispute, ())
        dispute.also = [other.record for other in others]
        dispute.statements += [one for other in others for one in other.statements]
        dispute.supporting += [one for other in others for one in other.supporting]
    _lay_out_others(disputes, everything)
    for dispute in disputes:
        rows = dispute.statements if dispute.field else [dispute]
        told = {(row.assessment, row.note): row for row in rows if row.assessment}
        dispute.reasons = list(told.values())


def _elsewhere(disputes):
    """What stands for each of these disputes at other records that answer the same."""
    by_model, found = defaultdict(list), {}
    for dispute in disputes:
        by_model[dispute.disputed_model()].append(dispute)
    for model, several in by_model.items():
        shared = other_answers(model, {dispute.record_id for dispute in several})
        records = _records_of(chain.from_iterable(shared.values()))
        for dispute in several:
            answers = shared.get((dispute.record_id, dispute.field), ())
            if dispute.kind == Contradiction.UNCONFIRMED:
                answers = ()  # each citation needs a look of its own
            found[dispute] = [
                answer.model.dispute_model()(
                    record=records[answer], field=answer.field, kind=dispute.kind
                )
                for answer in answers
            ]
    return found


def _records_of(answers):
    """The record of each answer, to be called by its name."""
    by_model = defaultdict(set)
    for answer in answers:
        by_model[answer.model].add(answer)
    found = {}
    for model, several in by_model.items():
        records = model.objects.labelled().in_bulk({answer.key for answer in several})
        found |= {answer: records[answer.key] for answer in several}
    return found


def _lay_out(model, disputes, everything, supporting):
    """The same, of disputes about records of one kind, but for other records."""
    keys = {dispute.record_id for dispute in disputes}
    fields = {dispute.field for dispute in disputes} - {""}
    records = compared(model.objects.all(), everything, fields).in_bulk(keys)
    if not everything:
        for record in records.values():
            hide_private_relations(record, fields)
    cited = citations_seen(model, everything).select_related("source")
    cited = cited.filter(record__in=keys, field__in=fields)
    if not supporting:
        cited = cited.exclude(stated="")  # what states nothing says nothing otherwise
    citations = defaultdict(list)
    for citation in cited if fields else ():
        citation.record = records[citation.record_id]
        citations[citation.record_id, citation.field].append(citation)
    against = [one for said in citations.values() for one in said if _contradicts(one)]
    model.look_ahead([(one.record, one.field, one.stated) for one in against])
    for dispute in disputes:
        dispute.record = records[dispute.record_id]
        of_it = citations[dispute.record_id, dispute.field]
        dispute.statements = statements_in(dispute, of_it)
        dispute.statements.sort(key=lambda citation: citation.is_settled)
        taken = set(dispute.statements)
        dispute.supporting = [
            citation
            for citation in of_it
            if supporting and citation not in taken and not _contradicts(citation)
        ]


def _contradicts(citation):
    return citation.agreement == Standing.CONTRADICTS


def _lay_out_others(disputes, everything):
    """The other records that contradict each one, if it is they that do."""
    named = {dispute: _named_in(dispute) for dispute in disputes}
    slugs = defaultdict(set)
    for dispute, others in named.items():
        slugs[dispute.record.opposed_by].update(others)
    found = {
        kind: {other.slug: other for other in _borne(record_types()[kind], those)}
        for kind, those in slugs.items()
        if those
    }
    for dispute, others in named.items():
        own = (dispute.record.record_type, dispute.record_id)
        known = found.get(dispute.record.opposed_by, {})
        dispute.others = [
            known[slug]
            for slug in others
            if slug in known
            and (known[slug].record_type, known[slug].pk) != own
            and (everything or known[slug].is_public)
        ]


def _borne(model, slugs):
    return filtered(model.objects.labelled(), slug=sorted(slugs))


def _named_in(dispute):
    """The slugs of the records that contradict its record, if it is they that do."""
    if dispute.field or not dispute.record.opposed_by:
        return []
    parts = (NAMED.fullmatch(part) for part in dispute.against.split(AND))
    return [part[1] for part in parts if part]


def statements_in(dispute, citations):
    """Those of these citations of its record that do not support what is recorded."""
    found = []
    for citation in citations:
        if citation.field != dispute.field or not dispute.field:
            continue
        if dispute.kind == Contradiction.UNCONFIRMED:
            if citation.needs_another_look:
                found.append(citation)
        elif _contradicts(citation):
            holder = citation.record.holder_of(citation.field)
            kind = holder.kind_of_dispute(citation.field, citation.stated)
            if kind == dispute.kind:
                found.append(citation)
    return found


def version_of(dispute):
    """Counts the writes of a dispute and of its records, with all that is cited."""
    records = (dispute.record, *dispute.also)
    return sum(record.version for record in records) + dispute.history.count()
