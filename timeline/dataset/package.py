"""The whole record as one data package: a zip of CSV files and what they hold.

The same record makes the same bytes, and a package is sent while it is made.
"""

from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from provenance.db.snapshot import one_moment
from provenance.resources import Tally, csv_blocks
from provenance.web.streaming import Pieces

from ..records import TABLES
from . import claims, descriptor


def package(public=False, with_claims=False):
    """The package as a stream of bytes; ``public``, what the public may see of it."""
    pieces = Pieces()
    with one_moment(), ZipFile(pieces, "w") as archive:
        described = []
        for name, blocks, describe in _files(public, with_claims):
            tally = Tally()
            entry = archive, f"{name}.csv", tally.through(blocks)
            yield from _entered(pieces, *entry)
            described.append(describe(tally))
        text = descriptor.text_of_descriptor(described)
        yield from _entered(pieces, archive, descriptor.NAME, [text.encode()])
    yield pieces.take()


def _files(public, with_claims):
    """The name of each file, its blocks, and what describes it once it is written."""
    for name, resource_class in TABLES.items():
        table = resource_class()
        if not (public and table.for_curators):
            yield (
                name,
                csv_blocks(table.extracts(public=public)),
                lambda tally, name=name: descriptor.table_file(name, tally, public),
            )
    if with_claims:
        yield (
            claims.NAME,
            claims.blocks_of_claims(public),
            lambda tally: descriptor.file_of(
                claims.NAME, claims.SCHEMA, claims.ABOUT, tally
            ),
        )


def _entered(pieces, archive, name, blocks):
    """What a file makes of an archive, block by block, without a trace of the clock."""
    entry = ZipInfo(name)  # of 1 January 1980
    entry.compress_type, entry.create_system = ZIP_DEFLATED, 3
    entry.external_attr = 0o644 << 16
    with archive.open(entry, "w", force_zip64=True) as file:
        for block in blocks:
            file.write(block)
            yield pieces.take()
