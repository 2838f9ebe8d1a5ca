"""Data packages for tests: made, and taken apart again."""

import csv
import io
import zipfile

from timeline.dataset.package import package

COMPLETE = {"with_claims": True}


def made(**options):
    return b"".join(package(**options))


def unpacked(data):
    """The files of a package by their names, in its order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def claims_in(data):
    text = unpacked(data)["claims.csv"].decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))
