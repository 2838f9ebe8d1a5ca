"""Notes, ranks and reasons in Spanish beside those of the record."""

from django.db import migrations
from provenance.db.added_columns import AddDerivedColumn
from provenance.db.together import Together
from provenance.values.text import Line, Prose

HELP = "The same in Spanish, as translated by the editors of the record."
IN_SPANISH = {"blank": True, "default": "", "help_text": HELP}
PUBLIC_NOTE = {"public_note_es": Prose("Spanish public note", **IN_SPANISH)}
NOTE = {"note_es": Prose("Spanish note", **IN_SPANISH)}
OF_APPOINTMENTS = {
    "rank_es": Line("Spanish rank", max_length=80, **IN_SPANISH),
    "end_reason_es": Line("Spanish end reason", max_length=300, **IN_SPANISH),
}
KINDS = ("agency", "appointment", "official", "place", "post")
ADDED = dict.fromkeys(KINDS, PUBLIC_NOTE)
ADDED |= {f"{kind}{rows}": NOTE for kind in KINDS for rows in ("citation", "dispute")}
ADDED["appointment"] = PUBLIC_NOTE | OF_APPOINTMENTS
TABLES = ADDED | {f"historical{table}": columns for table, columns in ADDED.items()}


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0014_disputes_in_order"),
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
