from django.db import migrations

from provenance.search.index import beginnings_index


class Migration(migrations.Migration):
    """Beginnings of words are looked up as quickly as words."""

    dependencies = [("provenance", "0005_order_of_names")]

    operations = [beginnings_index("provenance")]
