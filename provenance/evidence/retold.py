"""Questions that several records answer: what sources say otherwise is one dispute.

A kind of record declares which of its fields tell again what another record tells, and
which relation leads to that (``told_at``): an observation gives the strength of a
deployment. Where both are published, what a source states of the one it states of the
other. So the dispute stands at each of them, in one state, and lists tell it at the
record that is named.
"""

from collections import defaultdict
from functools import cache
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from ..db.batches import filtered
from ..registry.kinds import cited_types
from ..values.contradiction import Contradiction
from .visibility import public_at


class Link(NamedTuple):
    """A field of one kind of record that tells again what one of another tells."""

    kind: type
    field: str
    relation: str
    there: str

    @property
    def home(self):
        """The kind of record that is named, or what it shares its citations with."""
        named = self.kind._meta.get_field(self.relation).related_model
        return named.citation_model().cited_model()

    def rows(self):
        """The published records that name a published one."""
        named = self.kind._meta.get_field(self.relation).related_model
        public = public_at(self.relation, named)
        return self.kind.objects.published().filter(**public).order_by()


class Answer(NamedTuple):
    """A field of one record, in which a question is answered."""

    model: type
    key: int
    field: str


@cache
def links():
    """All fields that are declared to tell again what another record tells."""
    return [
        Link(kind, field, relation, there)
        for kind in cited_types().values()
        for field, (relation, there) in kind.told_at.items()
    ]


def other_answers(model, keys):
    """What else answers what these records of a kind answer.

    It is found by the key of the record and the name of its field.
    """
    found, groups = defaultdict(list), {}
    for link in links():
        if (link.kind, link.relation) not in groups:  # several fields have one relation
            groups[link.kind, link.relation] = _groups(link, model, keys)
        for named, several in groups[link.kind, link.relation].items():
            answers = [Answer(link.home, named, link.there)]
            answers += [Answer(link.kind, key, link.field) for key in sorted(several)]
            for answer in answers:
                if answer.model is model and answer.key in keys:
                    others = [other for other in answers if other != answer]
                    found[answer.key, answer.field] += others
    return found


def _groups(link, model, keys):
    """The keys of what names each record that is named, about these of a kind."""
    rows, named = link.rows(), set(keys) if model is link.home else set()
    if model is link.kind:
        named.update(filtered(rows.values_list(link.relation, flat=True), pk=keys))
    groups = defaultdict(list)
    if named:
        pairs = rows.values_list(link.relation, "pk")
        for one, key in filtered(pairs, **{link.relation: named}):
            groups[one].append(key)
    return groups


def reach(keys_of, change):
    """Adds to the keys of records, by their kind, those with which they share, or have
    shared, a question.
    """
    for kind, relation, home in {(one.kind, one.relation, one.home) for one in links()}:
        column = kind._meta.get_field(relation).attname
        past = kind.history.order_by().exclude(**{column: None})
        if not past.exists():
            continue
        touched = keys_of[kind] | change.keys(kind)
        named = filtered(past.values_list(column, flat=True).distinct(), id=touched)
        keys_of[home] |= set(named)
        rows = kind._base_manager.order_by().values_list("pk", flat=True)
        keys_of[kind] |= set(filtered(rows, **{column: keys_of[home]}))


def told_once(disputes):
    """Those of these disputes that lists tell, each question once."""
    model = disputes.model.disputed_model()
    for link in links():
        if link.kind is model:
            same = link.rows().filter(pk=OuterRef("record"))
            # Each citation that needs another look is looked at where it is.
            retold = Q(Exists(same), field=link.field)
            disputes = disputes.exclude(retold & ~Q(kind=Contradiction.UNCONFIRMED))
    return disputes
