"""Notes and reasons in Spanish beside those of the record."""

from django.db import migrations
from provenance.db.added_columns import AddDerivedColumn
from provenance.db.together import Together
from provenance.values.text import Prose

HELP = "The same in Spanish, as translated by the editors of the record."
IN_SPANISH = {"blank": True, "default": "", "help_text": HELP}
PUBLIC_NOTE = {"public_note_es": Prose("Spanish public note", **IN_SPANISH)}
NOTE = {"note_es": Prose("Spanish note", **IN_SPANISH)}
# What all events share is in the history of each kind.
EVENTS = ("agreement", "deployment", "meeting", "milestone")
KINDS = ("code", "dimension", "metric", "observation", "statement", "theme")
CITED = ("event", *KINDS)
NOTED = (*CITED, *(f"historical{kind}" for kind in (*EVENTS, *KINDS)))
ROWS = [f"{kind}{rows}" for kind in CITED for rows in ("citation", "dispute")]
TABLES = dict.fromkeys(NOTED, PUBLIC_NOTE)
TABLES |= {table: NOTE for rows in ROWS for table in (rows, f"historical{rows}")}


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0024_disputes_in_order"),
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
