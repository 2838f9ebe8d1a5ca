import django.db.models.deletion
from django.db import migrations, models

from provenance.db.dropped_indexes import WithoutIndex
from provenance.db.together import Together

# What was written is found by its record or by its change, and not by its moment.
HISTORIES = [
    "agreement",
    "agreementname",
    "capacity",
    "code",
    "codecitation",
    "codedispute",
    "deployment",
    "dimension",
    "dimensioncitation",
    "dimensiondispute",
    "eventcitation",
    "eventdispute",
    "eventlink",
    "eventtheme",
    "meeting",
    "metric",
    "metriccitation",
    "metricdimension",
    "metricdispute",
    "metrictheme",
    "milestone",
    "observation",
    "observationcitation",
    "observationcode",
    "observationdispute",
    "participation",
    "provision",
    "statement",
    "statementagency",
    "statementcapacity",
    "statementcitation",
    "statementdispute",
    "statementevent",
    "statementofficial",
    "statementtheme",
    "theme",
    "themecitation",
    "themedispute",
    "themename",
]
# What is cited for each is found along the index of what is recorded once.
CITED = {
    "codecitation": "timeline.code",
    "dimensioncitation": "timeline.dimension",
    "eventcitation": "timeline.event",
    "metriccitation": "timeline.metric",
    "observationcitation": "timeline.observation",
    "statementcitation": "timeline.statement",
    "themecitation": "timeline.theme",
}


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0025_notes_in_spanish"),
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
