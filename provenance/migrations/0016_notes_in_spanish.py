"""Notes in Spanish beside those of the record."""

from django.db import migrations
from provenance.db.added_columns import AddDerivedColumn
from provenance.db.together import Together
from provenance.values.text import Prose

HELP = "The same in Spanish, as translated by the editors of the record."
IN_SPANISH = {"blank": True, "default": "", "help_text": HELP}
PUBLIC_NOTE = {"public_note_es": Prose("Spanish public note", **IN_SPANISH)}
TABLES = {"source": PUBLIC_NOTE, "historicalsource": PUBLIC_NOTE}


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0015_sessions"),
    ]

    operations = [
        Together(
            *(
                AddDerivedColumn(model, name, column.clone())
                for model, columns in TABLES.items()
                for name, column in columns.items()
            )
        )
    ]
