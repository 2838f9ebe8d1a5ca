import django.db.models.deletion
from django.db import migrations, models

from provenance.db.dropped_indexes import WithoutIndex
from provenance.db.together import Together

# What was written is found by its record or by its change, and not by its moment.
HISTORIES = [
    "agency",
    "agencyarea",
    "agencycitation",
    "agencydispute",
    "agencyname",
    "appointment",
    "appointmentcitation",
    "appointmentdispute",
    "official",
    "officialcitation",
    "officialdispute",
    "officialidentifier",
    "officialname",
    "place",
    "placecitation",
    "placedispute",
    "post",
    "postcitation",
    "postdispute",
]
# What is cited for each is found along the index of what is recorded once.
CITED = {
    "agencycitation": "entities.agency",
    "appointmentcitation": "entities.appointment",
    "officialcitation": "entities.official",
    "placecitation": "entities.place",
    "postcitation": "entities.post",
}


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0015_notes_and_ranks_in_spanish"),
    ]

    operations = [
        Together(
            *(
                WithoutIndex(
                    f"historical{name}", "history_date", models.DateTimeField()
                )
                for name in HISTORIES
            ),
            *(
                WithoutIndex(
                    name,
                    "record",
                    models.ForeignKey(
                        db_index=False,
                        help_text="The record that it is about.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="citations",
                        to=record,
                    ),
                )
                for name, record in CITED.items()
            ),
        ),
    ]
