from django.db import migrations

from provenance.db.added_columns import AlterText
from provenance.values.text import Line


class Migration(migrations.Migration):
    """Titles of laws, reports and decrees may be long."""

    dependencies = [("provenance", "0010_sheets_of_uploads")]

    operations = [
        AlterText(
            model,
            "title",
            Line(
                max_length=1000,
                help_text="What it is called, or what it is if it has no title.",
            ),
        )
        for model in ("source", "historicalsource")
    ]
