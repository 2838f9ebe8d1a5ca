"""The roles: viewer, curator, reviewer, data manager."""

from django.db import migrations

from provenance.review.roles import migrate_roles


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("provenance", "0002_changes"),
        ("entities", "0002_changes"),
        ("timeline", "0002_changes"),
    ]

    operations = [migrations.RunPython(migrate_roles, migrations.RunPython.noop)]
