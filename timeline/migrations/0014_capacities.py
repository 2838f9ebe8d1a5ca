from itertools import count, groupby
from operator import attrgetter

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.core.management.color import no_style
from django.db import migrations, models

from provenance.db.append_only import append_only
from provenance.db.steps import Step
from provenance.review.roles import migrate_roles
from provenance.tracking.nested_rows import OwnerThrough
from provenance.db.together import Together

AT_ONCE = 5_000  # rows
COPIED = (
    "history_date",
    "history_change_reason",
    "history_user_id",
    "change_set_id",
)


def move_offices(apps, schema_editor):
    """Makes a capacity of each office of a participation, with the history of it."""
    capacities, numbers = {}, count(1)  # by participation: number, office
    past = apps.get_model("timeline", "HistoricalParticipation").objects
    copies = apps.get_model("timeline", "HistoricalCapacity")
    rows = past.order_by("id", "history_id").iterator(AT_ONCE)
    waiting = []
    for participation, steps in groupby(rows, attrgetter("id")):
        last = None  # number, office and event
        for row in steps:
            now = None if row.history_type == "-" else row.appointment_id
            if last and last[1] != now:
                waiting.append(_copy(copies, row, "-", *last))
                last = None
            if now and last is None:
                last = (next(numbers), now, row.event_id)
                waiting.append(_copy(copies, row, "+", *last))
            elif now and last[2] != row.event_id:
                last = (*last[:2], row.event_id)
                waiting.append(_copy(copies, row, "~", *last))
        if last:
            capacities[participation] = last[:2]
        if len(waiting) >= AT_ONCE:
            copies.objects.bulk_create(waiting)
            waiting = []
    copies.objects.bulk_create(waiting)
    _make(apps, schema_editor, capacities, numbers)


def _copy(copies, row, how, number, office, event):
    return copies(
        id=number,
        participation_id=row.id,
        appointment_id=office,
        event_id=event,
        history_type=how,
        **{name: getattr(row, name) for name in COPIED},
    )


def _make(apps, schema_editor, capacities, numbers):
    model = apps.get_model("timeline", "Capacity")
    held = apps.get_model("timeline", "Participation").objects.order_by("id")
    held = held.filter(appointment__isnull=False)
    made = []
    for key, event, office in held.values_list("id", "event", "appointment"):
        number, known = capacities.get(key, (None, None))
        made.append(
            model(
                id=number if known == office else next(numbers),
                event_id=event,
                participation_id=key,
                appointment_id=office,
            )
        )
    model.objects.bulk_create(made, AT_ONCE)
    ops = schema_editor.connection.ops
    with schema_editor.connection.cursor() as cursor:
        for statement in ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def of_history(kind, to, **options):
    """A relation of a row of history, which leads to what may be gone."""
    return kind(
        to,
        blank=True,
        null=True,
        db_constraint=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        **options,
    )


EVENT = {"through": "participation", "help_text": "The event."}
PARTICIPATION = {"editable": False, "help_text": "Who took part in it, in which role."}
OFFICE = {"help_text": "The office in whose capacity the person took part."}


class Migration(migrations.Migration):
    """One takes part in an event in the capacity of any number of offices."""

    dependencies = [
        ("entities", "0007_beginnings_of_words"),
        ("provenance", "0011_long_titles"),
        ("timeline", "0013_searched_texts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            migrations.CreateModel(
                "Capacity",
                [
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True,
                            primary_key=True,
                            serialize=False,
                            verbose_name="ID",
                        ),
                    ),
                    (
                        "event",
                        OwnerThrough(
                            "timeline.event",
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="capacities",
                            **EVENT,
                        ),
                    ),
                    (
                        "participation",
                        models.ForeignKey(
                            "timeline.participation",
                            on_delete=django.db.models.deletion.CASCADE,
                            related_name="capacities",
                            **PARTICIPATION,
                        ),
                    ),
                    (
                        "appointment",
                        models.ForeignKey(
                            "entities.appointment",
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="capacities",
                            **OFFICE,
                        ),
                    ),
                ],
                options={
                    "ordering": ["participation_id", "appointment_id"],
                    "verbose_name_plural": "capacities",
                    "constraints": [
                        models.UniqueConstraint(
                            fields=("participation", "appointment"),
                            name="timeline_capacity_once",
                            violation_error_message=(
                                "The person already took part in the capacity of this "
                                "office."
                            ),
                        )
                    ],
                },
            ),
            migrations.CreateModel(
                "HistoricalCapacity",
                [
                    (
                        "id",
                        models.BigIntegerField(
                            auto_created=True,
                            blank=True,
                            db_index=True,
                            verbose_name="ID",
                        ),
                    ),
                    ("history_id", models.AutoField(primary_key=True, serialize=False)),
                    ("history_date", models.DateTimeField(db_index=True)),
                    ("history_change_reason", models.TextField(null=True)),
                    (
                        "history_type",
                        models.CharField(
                            choices=[
                                ("+", "Created"),
                                ("~", "Changed"),
                                ("-", "Deleted"),
                            ],
                            max_length=1,
                        ),
                    ),
                    ("event", of_history(OwnerThrough, "timeline.event", **EVENT)),
                    (
                        "participation",
                        of_history(
                            models.ForeignKey, "timeline.participation", **PARTICIPATION
                        ),
                    ),
                    (
                        "appointment",
                        of_history(models.ForeignKey, "entities.appointment", **OFFICE),
                    ),
                    (
                        "change_set",
                        models.ForeignKey(
                            "provenance.changeset",
                            help_text="What was written together with it.",
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                        ),
                    ),
                    (
                        "history_user",
                        models.ForeignKey(
                            settings.AUTH_USER_MODEL,
                            null=True,
                            on_delete=django.db.models.deletion.PROTECT,
                            related_name="+",
                        ),
                    ),
                ],
                options={
                    "verbose_name": "historical capacity",
                    "verbose_name_plural": "historical capacities",
                    "ordering": ("-history_date", "-history_id"),
                    "get_latest_by": ("history_date", "history_id"),
                },
                bases=(simple_history.models.HistoricalChanges, models.Model),
            ),
        ),
        migrations.RunPython(move_offices, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            "participation", "timeline_participation_capacity_of_an_official"
        ),
        migrations.RemoveIndex("participation", "timeline_participation_office"),
        migrations.RemoveField("historicalparticipation", "appointment"),
        migrations.RemoveField("participation", "appointment"),
        migrations.AddField(
            "participation",
            "appointments",
            models.ManyToManyField(
                "entities.appointment",
                blank=True,
                help_text="The offices in whose capacity the person took part.",
                related_name="participations",
                through="timeline.Capacity",
            ),
        ),
        append_only("timeline"),
        Step(migrate_roles),
    ]
