from django.db import migrations, models

from provenance.db.dropped_indexes import WithoutIndex
from provenance.db.together import Together

# What was written is found by its record or by its change, and not by its moment.
HISTORIES = [
    "distinction",
    "redirect",
    "savedmapping",
    "source",
    "sourcereport",
]


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0016_notes_in_spanish"),
    ]

    operations = [
        Together(
            *(
                WithoutIndex(
                    f"historical{name}", "history_date", models.DateTimeField()
                )
                for name in HISTORIES
            ),
        ),
    ]
