import provenance.values.text
from django.db import migrations
from provenance.db.added_columns import AddDerivedColumn


def kind_of(model):
    """The step that adds the column to a table of posts, empty in each row."""
    return AddDerivedColumn(
        model_name=model,
        name="kind",
        field=provenance.values.text.Word(
            blank=True,
            choices=[
                ("head", "head of the agency"),
                ("deputy", "deputy of the head"),
                ("liaison", "liaison officer"),
                ("staff", "member of staff"),
            ],
            default="",
            help_text="Whether who holds it heads the agency; empty if not classed.",
            max_length=32,
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0009_searched_texts"),
    ]

    operations = [kind_of("historicalpost"), kind_of("post")]
