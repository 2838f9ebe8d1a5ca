from django.db import migrations

from provenance.search.index import word_index


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0006_words"),
        ("timeline", "0004_roles_for_mappings"),
    ]

    operations = word_index("timeline")
