"""The roles once more: saved mappings have come since."""

from django.db import migrations

from provenance.review.roles import migrate_roles


class Migration(migrations.Migration):
    dependencies = [
        ("provenance", "0003_saved_mappings"),
        ("timeline", "0003_roles"),
    ]

    operations = [migrations.RunPython(migrate_roles, migrations.RunPython.noop)]
