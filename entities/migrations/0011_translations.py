"""Names and titles in Spanish beside those of the record."""

from django.db import migrations
from provenance.db.added_columns import AddDerivedColumn
from provenance.db.together import Together
from provenance.values.text import Line

HELP = "The same in Spanish, as translated by the editors of the record."
ADDED = {
    "agency": ("name_es", "Spanish name"),
    "place": ("name_es", "Spanish name"),
    "post": ("title_es", "Spanish title"),
}


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0010_kinds_of_posts"),
    ]

    operations = [
        Together(
            *(
                AddDerivedColumn(
                    model,
                    column,
                    Line(label, blank=True, default="", help_text=HELP, max_length=300),
                )
                for kind, (column, label) in ADDED.items()
                for model in (kind, f"historical{kind}")
            )
        )
    ]
