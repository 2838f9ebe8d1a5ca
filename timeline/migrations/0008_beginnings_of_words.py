from django.db import migrations

from provenance.search.index import beginnings_index


class Migration(migrations.Migration):
    """Beginnings of words are looked up as quickly as words."""

    dependencies = [("timeline", "0007_order_of_names")]

    operations = [beginnings_index("timeline")]
