"""The recipes of docs/recipes, and the real files that they are for.

The files are nobody's here: they lie beside the project, in ``../shared/data``.
"""

from io import StringIO

import pytest
from django.core.management import call_command

from tests import PROJECT

RECIPES = PROJECT / "docs" / "recipes"
DATA = PROJECT.parent / "shared" / "data"
CABINET = ("mx-cabinet", "mx_cabinet/appointments.csv")
ENCOUNTERS = ("usbp-encounters", "cbp_usbp_monthly/observations_sectors.csv")
DOCUMENTS = ("white-house-documents", "wh_us_mexico/documents.csv")
EVERY = (CABINET, ENCOUNTERS, DOCUMENTS)

with_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the files are not here: ../shared/data is absent"
)


def read_in(file, **options):
    """What the command prints of a file."""
    out = StringIO()
    call_command("import_table", str(file), stdout=out, stderr=StringIO(), **options)
    return out.getvalue().splitlines()


def cook(recipe, file, **options):
    """What the command prints of real data that it reads by a recipe."""
    return read_in(DATA / file, mapping=str(RECIPES / f"{recipe}.toml"), **options)
