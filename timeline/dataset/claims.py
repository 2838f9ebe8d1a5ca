"""The table claims.csv: each value with the sources for and against it."""

from provenance.evidence.visibility import public_citations_of
from provenance.registry.kinds import citations_of, cited_types
from provenance.resources import Extract
from provenance.resources.columns import Column, column_of, listed_at, place_of, text_at
from provenance.tables import lines_of, write_table
from provenance.values.stated_values import agreement_with

NAME = "claims"
ABOUT = (
    "Each recorded value that a source can be cited for, with everybody who is, and "
    "how what they say stands to it; without a source if nobody is."
)
CITED = ("source", "locator", "stated", "as_of", "assessment", "note")
COLUMNS = {
    "type": "Which kind of record it is.",
    "record": "Its slug.",
    "field": "Which field of it; empty for the record as a whole.",
    "recorded": "What is recorded of that field.",
    "source": "The slug of a source that is cited for it; empty if none is.",
    "locator": "Where in the source.",
    "stated": "What the source says; empty if it supports what is recorded.",
    "as_of": "The date at which the source says that it was so.",
    "agreement": "How what it says stands to what is recorded.",
    "assessment": "Why it says otherwise.",
    "note": "The reason for the assessment.",
}
SCHEMA = {
    "fields": [
        {"name": name, "type": "string", "description": about}
        for name, about in COLUMNS.items()
    ],
    "missingValues": [""],
    "foreignKeys": [
        {"fields": "source", "reference": {"resource": "sources", "fields": "slug"}}
    ],
}


def blocks_of_claims(public=False):
    """The file in blocks, each with how many rows are in it."""
    yield write_table(COLUMNS, []).encode(), 0
    for name, model in sorted(cited_types().items()):
        for rows in _claims(name, model, public):
            if rows:
                yield "".join(lines_of(rows)).encode(), len(rows)


def _claims(name, model, public):
    """The rows about one kind of record, in lists."""
    records, citations = _records(model, public), _citations(model, public)
    values_of, cited_for = records.reader(), citations.reader()
    for keys in records.chunks_of_keys():
        said = {}
        for record, field, *rest in cited_for(keys):
            said.setdefault((record, field), []).append(rest)
        rows = []
        for record, *texts in values_of(keys):
            values = {"": "", **dict(zip(model.citable, texts, strict=True))}
            for field, recorded in sorted(values.items()):
                about = [name, record, field, recorded]
                for source, locator, stated, as_of, *why in said.get(
                    (record, field), ()
                ):
                    stands = agreement_with(model, field, recorded, stated)
                    rows.append([*about, source, locator, stated, as_of, stands, *why])
                if recorded and (record, field) not in said:
                    rows.append([*about, *[""] * 7])
        yield rows


def _records(model, public):
    """The records of one kind, and all of them that a source can be cited for."""
    rows = model.objects.seen(everything=not public).order_by()
    values = [
        Column(
            name,
            listed_at(model, name, "pk", public)
            if name in model.lists
            else text_at(model._meta.get_field(name), public=public),
        )
        for name in model.citable
    ]
    columns = (column_of(model, "slug"), *values)
    order = (place_of(model._meta.get_field("slug")),)
    return Extract(rows, columns, order, rows.order_by(*order))


def _citations(model, public):
    """What is cited for the records of one kind."""
    rows = (public_citations_of if public else citations_of)(model).order_by()
    table = rows.model
    columns = tuple(
        column_of(table, name, public) for name in ("record", "field", *CITED)
    )
    order = tuple(
        place_of(table._meta.get_field(name))
        for name in ("record", "field", "source", "locator")
    )
    return Extract(rows, columns, order, rows, along="record")
