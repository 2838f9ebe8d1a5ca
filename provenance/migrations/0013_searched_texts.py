from django.db import migrations

from provenance.models.source_file import words_of
from provenance.search.index import word_index
from provenance.search.refilling import refill

OF_A_SOURCE = (["title"], ["slug", "publisher", "author", "public_note"])
SEARCHED = {"source": OF_A_SOURCE, "historicalsource": OF_A_SOURCE}


def of_a_file(names, _others):
    """The words in a file, as a file that is added now has them."""
    return words_of(" ".join(names))


class Migration(migrations.Migration):
    """Sources are found by their notes, and numbers however they are grouped."""

    dependencies = [("provenance", "0012_queued_imports")]

    operations = [
        refill("provenance", SEARCHED),
        refill("provenance", {"sourcefile": (["name", "text"], [])}, of_a_file),
        word_index("provenance"),
    ]
