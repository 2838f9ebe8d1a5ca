"""Answers what the service is asked: candidates, suggestions, and values to fetch."""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Q
from rapidfuzz.fuzz import token_sort_ratio

from ...api.filters import filter_of
from ...db.batches import Among
from ...db.keyset import Keyset, Stretch, page_of
from ...models import Record
from ...models.renaming import all_bearing
from ...search.candidates import candidates_of
from ...search.likeness import likeness_of_people, likeness_of_titles
from ...search.vocabulary import readings_of
from ...values.folding import fold
from .kinds import Reconciled, agrees, identifier_of, json_value, reconciled_kinds
from .queries import Query

CERTAIN = 98  # percent: the same words, whatever their order, accents and small words
LEAST = 30
BY_LETTERS = 0.75  # of names that are alike in letters alone: below all others
WEIGHT_OF_NAME = 0.7  # where something else is known
IDENTIFIER = re.compile(r"(?:(?P<collection>[a-z-]+)/)?(?P<slug>[a-z0-9-]{1,100})")
BY_SLUG = Keyset(("slug",))


@dataclass(frozen=True)
class Candidate:
    """A record that may be meant: how like its name is, in percent, and which of the
    properties that are given agree; None of one of which nothing is on record.
    """

    kind: Reconciled
    record: Record
    name: int
    properties: tuple[bool | None, ...]

    @property
    def agreeing(self):
        """The part of the properties that agrees; what is not known counts half."""
        worth = {True: 1, False: 0, None: 0.5}
        return sum(map(worth.get, self.properties)) / (len(self.properties) or 1)

    @property
    def score(self):
        """By what candidates are ordered, in percent."""
        if not self.properties:
            return self.name
        others = 1 - WEIGHT_OF_NAME
        return round(WEIGHT_OF_NAME * self.name + 100 * others * self.agreeing, 1)

    @property
    def is_certain(self):
        """Whether it is called so, and nothing that is given speaks against it."""
        return self.name >= CERTAIN and False not in self.properties

    def shown(self, description, is_match):
        """It as the protocol has it."""
        features = [{"id": "name", "value": self.name}]
        if self.properties:
            features.append({"id": "properties", "value": round(self.agreeing, 3)})
        return {
            "id": identifier_of(self.record),
            "name": str(self.record),
            "description": description,
            "type": [self.kind.type],
            "score": self.score,
            "features": features,
            "match": is_match,
        }


# Candidates ------------------------------------------------------------------------


def results_of(queries):
    """What the protocol answers to each of these queries.

    However many of them have a text, the database is asked as often.
    """
    ranked = [
        sorted(
            (one for one in several if one.score >= LEAST),
            key=lambda one: (-one.score, one.record.slug),
        )
        for several in _candidates(queries)
    ]
    shown = [
        several[: query.limit] for query, several in zip(queries, ranked, strict=True)
    ]
    told = _descriptions(one for several in shown for one in several)
    return [
        {
            "result": [
                one.shown(told[one.kind, one.record.pk], _is_sole(one, several))
                for one in several[: query.limit]
            ]
        }
        for query, several in zip(queries, ranked, strict=True)
    ]


def _is_sole(candidate, several):
    """Whether a candidate is certain, and no other is."""
    certain = [one for one in several if one.is_certain]
    return certain == [candidate]


def _descriptions(candidates):
    """The description of each candidate by its kind and key; kind by kind."""
    by_kind = defaultdict(dict)
    for one in candidates:
        by_kind[one.kind][one.record.pk] = one.record
    return {
        (kind, key): text
        for kind, records in by_kind.items()
        for key, text in kind.descriptions(list(records.values())).items()
    }


def _candidates(queries):
    """For each query, in no order, the records that may be meant."""
    kinds = reconciled_kinds().values()
    found = candidates_of([kind.model for kind in kinds], [q.text for q in queries])
    gathered = [[] for _query in queries]
    for kind in kinds:
        asked = {n: q for n, q in enumerate(queries) if q.asks_for(kind.name)}
        keys = {number: found[kind.model][number] for number in asked}
        slugs = {number: slug_in(q.text, kind) for number, q in asked.items()}
        records = _read(kind, set().union(*keys.values()), filter(None, slugs.values()))
        by_slug = {record.slug: record for record in records.values()}
        for number, query in asked.items():
            likely = {key: records[key] for key in keys[number] if key in records}
            if exact := by_slug.get(slugs[number]):
                likely[exact.pk] = exact
            if not query.text:
                likely = _with_properties(kind, query)
            gathered[number] += [
                _candidate(kind, record, query, exact) for record in likely.values()
            ]
    return gathered


def _read(kind, keys, slugs):
    """The records of a kind with these keys, and those that bear these slugs."""
    slugs, where = set(slugs), Q()
    where |= Q(pk__in=Among(keys)) if keys else Q()
    where |= Q(slug__in=Among(slugs)) if slugs else Q()
    return kind.read(where) if where else {}


def slug_in(text, kind):
    """The slug of a record of the kind that a text may be, or be the identifier of."""
    match = IDENTIFIER.fullmatch(text)
    if match and match["collection"] in (None, kind.model.collection):
        return match["slug"]
    return None


def _candidate(kind, record, query, exact):
    is_named = record is exact or not query.text
    names = () if is_named else kind.names(record)
    return Candidate(
        kind,
        record,
        100 if is_named else max(_likeness(kind, query.text, name) for name in names),
        tuple(_agreement(kind, record, *given) for given in query.properties),
    )


def _likeness(kind, text, name):
    """How like two names are, in percent."""
    people = kind.model.names_of_people
    alike = (likeness_of_people if people else likeness_of_titles)(text, name)
    if alike:
        return alike.score
    return int(BY_LETTERS * token_sort_ratio(fold(text), fold(name)))


def _agreement(kind, record, name, given):
    """Whether a property of a record has one of these values; None if it has none."""
    values = kind.values(record, name) if name in kind.properties else []
    if not values:
        return None
    return any(agrees(value, text) for value in values for text in given)


def _with_properties(kind, query):
    """The records that the API lists for these properties, where it can be asked so."""
    asked = {name: values[0] for name, values in query.properties if len(values) == 1}
    filters = filter_of(kind.model)
    if (
        len(asked) < len(query.properties)
        or not filters.base_filters.keys() >= asked.keys()
    ):
        return {}
    given = {name: text.rpartition("/")[2] for name, text in asked.items()}
    form = filters(given, kind.model.objects.published())
    if not form.form.is_valid():
        return {}
    keys = form.filter_queryset(form.queryset).order_by("slug").values_list("pk")
    return _read(kind, {key for (key,) in keys[: query.limit]}, ())


# Suggestions -----------------------------------------------------------------------


def suggested_records(text, kinds, first, number):
    """Records whose names begin so, those called just so before all others."""
    query = Query(text, tuple(kind.name for kind in kinds))
    likely = results_of([query])[0]["result"]
    rows = {kind: kind.model.objects.published() for kind in kinds}
    readings = readings_of(text, list(rows.values())) if fold(text) else []
    stretches = [
        Stretch(
            kind.name, found.found_by(readings) if readings else found.none(), BY_SLUG
        )
        for kind, found in rows.items()
    ]
    known = {one["id"] for one in likely}
    begun = page_of(stretches, first + number + len(known)).rows
    by_name = {kind.name: kind for kind in kinds}
    others = [one for one in begun if identifier_of(one) not in known]
    shown = [
        {name: one[name] for name in ("id", "name", "description")}
        | {"notable": one["type"]}
        for one in likely
    ]
    for record in others:
        shown.append(
            {
                "id": identifier_of(record),
                "name": str(record),
                "notable": [by_name[record.record_type].type],
            }
        )
    return shown[first : first + number]


def suggested_types(text):
    """The types whose names have this text in them."""
    types = (kind.type for kind in reconciled_kinds().values())
    return [each for each in types if _is_in(text, *each.values())]


def suggested_properties(text, kinds):
    """The properties of these kinds whose names have this text in them."""
    return [each for each in properties_of(kinds) if _is_in(text, *each.values())]


def _is_in(text, *names):
    return any(fold(text) in fold(name) for name in names)


def properties_of(kinds):
    """The properties of these kinds, each once."""
    labels = {}
    for kind in kinds:
        labels = {**kind.properties, **labels}
    return [{"id": name, "name": label} for name, label in labels.items()]


# Values to fetch -------------------------------------------------------------------


def extended(extension):
    """What the protocol answers to a data extension query."""
    asked = extension.properties
    rows = {each: {name: [] for name in asked} for each in extension.ids}
    for kind in reconciled_kinds().values():
        named = {each: slug_in(each, kind) for each in rows if "/" in each}
        slugs = [slug for slug in named.values() if slug]
        bears = all_bearing(kind.model.objects.published(), slugs) if slugs else {}
        own = [name for name in asked if name in kind.properties]
        keys = {key for key, _slug in bears.values()}
        records = kind.read(Q(pk__in=Among(keys)), own) if keys and own else {}
        for each, slug in named.items():
            record = records.get(bears.get(slug, (None,))[0])
            for name in own if record else ():
                rows[each][name] = list(map(json_value, kind.values(record, name)))
    labels = {
        each["id"]: each["name"] for each in properties_of(reconciled_kinds().values())
    }
    return {
        "meta": [{"id": name, "name": labels[name]} for name in asked],
        "rows": rows,
    }
