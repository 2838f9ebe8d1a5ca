"""Derives what was last attested when, at the end of every change."""

from django.db import connection

from ..db.batches import Among, batches, filtered
from ..db.keyset import LARGEST_KEY
from ..db.steps import Step
from ..models import Attestation, Source

MANY = 20_000  # records at once: putting the query together takes longer than to answer


def refresh(change):
    """Derives anew what is attested of the records that a change touched."""
    sources = change.known_keys(Source)
    for table in Attestation.__subclasses__():
        model = table.attested_model()
        keys = set(change.known_keys(model)) | set(change.owners.get(model, ()))
        if sources:
            cited = model.citation_model().objects.filter(model.open_ended("record"))
            records = cited.order_by().values_list("record", flat=True)
            keys.update(filtered(records, source=sources))
        derive(table, keys)


def derive(table, keys):
    """Derives what is attested of these records."""
    for batch in batches(sorted(keys), MANY):
        wrong, right = _differing(table, **{"in": Among(batch)})
        table.objects.filter(record__in=wrong).delete()
        table.objects.bulk_create(right)


def out_of_step(table):
    """The keys of the records of which something else is stored than follows."""
    records = table.attested_model()._base_manager.order_by("pk")
    keys, last = records.values_list("pk", flat=True), 0
    for some in (*batches(keys.iterator()), [LARGEST_KEY]):
        wrong, right = _differing(table, gt=last, lte=some[-1])
        yield from sorted({*wrong, *(one.record_id for one in right)})
        last = some[-1]


def _differing(table, **among):
    """The keys of what is stored and does not follow, and what is to be stored, of the
    records whose keys are such.
    """
    held = {f"record__{lookup}": value for lookup, value in among.items()}
    held = set(table.objects.filter(**held).values_list(*table.COLUMNS))
    right = {(key, day, bool(over)) for key, day, over in table.derived(**among)}
    made = (dict(zip(table.COLUMNS, row, strict=True)) for row in sorted(right - held))
    return sorted(key for key, *_rest in held - right), [table(**row) for row in made]


def attest_what_is_there(*names):
    """The step of a migration that fills these new tables, each ``app.Model``."""

    def run(apps, schema_editor):
        tables = {table._meta.label: table for table in Attestation.__subclasses__()}
        for name in names:
            table = tables[name]
            sql, values = table.derived().query.sql_with_params()
            into = f"{table._meta.db_table} ({', '.join(table.COLUMNS)})"
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {into} {sql}", values)

    return Step(run)
