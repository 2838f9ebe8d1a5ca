from django.db import migrations

from provenance.search.index import word_index


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0006_words"),
        ("entities", "0002_changes"),
    ]

    operations = word_index("entities")
