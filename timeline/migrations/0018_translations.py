"""Titles, summaries and other texts in Spanish beside those of the record."""

from django.db import migrations
from provenance.db.added_columns import AddDerivedColumn
from provenance.db.together import Together
from provenance.values.text import Line, Prose

HELP = "The same in Spanish, as translated by the editors of the record."
IN_SPANISH = {"blank": True, "default": "", "help_text": HELP}
NAME = Line("Spanish name", max_length=300, **IN_SPANISH)
DEFINITION = Prose("Spanish definition", **IN_SPANISH)
OF_EVENTS = {
    "title_es": Line("Spanish title", max_length=1000, **IN_SPANISH),
    "summary_es": Prose("Spanish summary", **IN_SPANISH),
}
MISSION = {"mission_es": Line("Spanish mission", max_length=1000, **IN_SPANISH)}
ADDED = {
    "theme": {"name_es": NAME, "definition_es": DEFINITION},
    "metric": {
        "name_es": NAME,
        "unit_es": Line("Spanish unit", max_length=80, **IN_SPANISH),
        "definition_es": DEFINITION,
    },
    "observation": {
        "population_es": Line("Spanish population", max_length=300, **IN_SPANISH)
    },
    "dimension": {"definition_es": DEFINITION},
    "code": {"definition_es": DEFINITION},
    "provision": {"text_es": Prose("Spanish text", **IN_SPANISH)},
    "statement": {"summary_es": Line("Spanish summary", max_length=1000, **IN_SPANISH)},
}
# What all events share is in the history of each kind.
TABLES = (
    {"event": OF_EVENTS, "deployment": MISSION}
    | {f"historical{kind}": OF_EVENTS for kind in ("agreement", "meeting", "milestone")}
    | {"historicaldeployment": OF_EVENTS | MISSION}
    | ADDED
    | {f"historical{kind}": columns for kind, columns in ADDED.items()}
)


class Migration(migrations.Migration):
    dependencies = [
        ("timeline", "0017_statements"),
    ]

    operations = [
        Together(
            *(
                AddDerivedColumn(model, name, column.clone())
                for model, columns in TABLES.items()
                for name, column in columns.items()
            )
        ),
        Together(
            *(
                migrations.AlterField(model, "name_es", NAME.clone())
                for kind in ("dimension", "code")
                for model in (kind, f"historical{kind}")
            )
        ),
    ]
