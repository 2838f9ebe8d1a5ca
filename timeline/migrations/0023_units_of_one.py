"""What one of what a metric counts is called, beside what several are."""

from django.db import migrations
from provenance.db.added_columns import AddDerivedColumn
from provenance.db.together import Together
from provenance.values.text import Line

ADDED = {
    "unit_singular": (
        "singular of the unit",
        "What one of it is called: person; empty if the same.",
    ),
    "unit_singular_es": (
        "Spanish singular of the unit",
        "The same in Spanish, as translated by the editors of the record.",
    ),
}


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0022_appeals"),
    ]

    operations = [
        Together(
            *(
                AddDerivedColumn(
                    model,
                    name,
                    Line(label, blank=True, default="", help_text=said, max_length=80),
                )
                for name, (label, said) in ADDED.items()
                for model in ("metric", "historicalmetric")
            )
        )
    ]
