"""What was tried how often, and how often it was wrong: `make prove`."""

import json
import os
from pathlib import Path

from django.db import connection

from tests.depth import SEED

FIGURES = os.environ.get("FIGURES")  # the file that they are added to


def tell(what, tried, wrong=0, said=""):
    """Adds a figure: what was tried, how often, and how often it was wrong."""
    told = {"what": what, "tried": tried, "wrong": wrong, "said": said}
    told |= {"database": connection.vendor, "seed": SEED}
    if FIGURES:
        with Path(FIGURES).open("a") as file:
            file.write(f"{json.dumps(told)}\n")
