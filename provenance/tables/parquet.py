"""Tables as Apache Parquet, whose columns have types; it needs pyarrow, an extra."""

from datetime import date
from decimal import Decimal
from importlib.util import find_spec

IN_A_GROUP = 20_000  # rows, which are read and written at once


def is_installed():
    """Whether this site can write Parquet."""
    return find_spec("pyarrow") is not None


def parquet_of(columns, chunks, pieces):
    """The blocks of a file, as long as ``pieces`` hands out what is written into it.

    The columns are named with the type of their values: str, int, date, or Decimal with
    its digits and decimals. The chunks are lists of rows; what is empty is None.
    """
    import pyarrow  # large, and not on every site
    from pyarrow.parquet import ParquetWriter

    types = {
        str: pyarrow.string(),
        int: pyarrow.int64(),
        date: pyarrow.date32(),
    }
    schema = pyarrow.schema(
        (name, pyarrow.decimal128(*kind[1:]) if kind[0] is Decimal else types[kind[0]])
        for name, kind in columns.items()
    )
    with ParquetWriter(pieces, schema, compression="zstd") as writer:
        for rows in _grouped(chunks):
            arrays = [
                pyarrow.array(values, column.type)
                for values, column in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pyarrow.table(arrays, schema=schema))
            yield pieces.take()
    yield pieces.take()


def _grouped(chunks):
    """The rows of many chunks together."""
    rows = []
    for chunk in chunks:
        rows += chunk
        if len(rows) >= IN_A_GROUP:
            yield rows
            rows = []
    if rows:
        yield rows
