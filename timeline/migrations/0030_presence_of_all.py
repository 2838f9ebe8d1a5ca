"""Counts the events of the officials and agencies that are there."""

from datetime import date

from django.db import migrations
from django.utils import timezone

from provenance.db.steps import Step

AT_ONCE = 10_000  # records
OF_SOME = """
INSERT INTO timeline_{kind}presence (party, events, seen)
SELECT party.id,
    (SELECT COUNT(*) FROM (
        SELECT 1 FROM timeline_attendance AS came
        JOIN timeline_event AS event ON event.id = came.event_id
        WHERE came.{kind}_id = party.id AND event.status = 'published' LIMIT 1000
    ) AS counted),
    COALESCE((
        SELECT came.start_earliest FROM timeline_attendance AS came
        JOIN timeline_event AS event ON event.id = came.event_id
        WHERE came.{kind}_id = party.id AND event.status = 'published'
        AND came.start_earliest <= %s
        ORDER BY came.start_earliest DESC LIMIT 1
    ), %s)
FROM entities_{kind} AS party WHERE party.id > %s AND party.id <= %s
AND NOT EXISTS (SELECT 1 FROM timeline_{kind}presence AS known WHERE known.party = party.id)
"""


def count_all(apps, schema_editor):
    def as_sent(day):
        return schema_editor.connection.ops.adapt_datefield_value(day)

    days = as_sent(timezone.localdate()), as_sent(date.min)
    with schema_editor.connection.cursor() as cursor:
        for kind in ("official", "agency"):
            cursor.execute(f"SELECT MAX(id) FROM entities_{kind}")  # noqa: S608
            last = cursor.fetchone()[0] or 0
            for first in range(0, last, AT_ONCE):
                ends = first, first + AT_ONCE
                cursor.execute(OF_SOME.format(kind=kind), [*days, *ends])


class Migration(migrations.Migration):
    atomic = False  # each batch is written by itself, and readers go on

    dependencies = [
        ("timeline", "0029_presence"),
    ]

    operations = [Step(count_all)]
