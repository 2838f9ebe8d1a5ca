"""Tables out of the database as streams: first byte at once, the same memory always."""

from dataclasses import dataclass, replace
from hashlib import sha256

from django.core.exceptions import EmptyResultSet
from django.db import connection, models

from ..db.batches import Among, batches
from ..db.snapshot import one_moment
from ..tables import write_table
from .columns import Column, Line, QuotedWhole

CHUNK = 2000  # rows at a time, or the rows of as many records


class Keys(Among):
    """The values of a chunk, in a statement that is made once for all chunks."""

    def __init__(self, column):
        super().__init__(())
        self.is_text = isinstance(column, models.CharField | models.TextField)

    def packed(self, connection):
        return Keys  # which stands for those that come with each chunk

    @staticmethod
    def put_into(values, keys):
        """The values of a statement, with these keys where any keys go."""
        packed = Among(keys).packed(connection)
        return [packed if value is Keys else value for value in values]


@dataclass(frozen=True)
class Extract:
    """Rows of one model, the columns that are written of them, and their order.

    The rows are found in the order of ``walk``, chunk by chunk: it is a query for these
    rows, or for the records to which ``along`` leads from each of them.
    """

    rows: models.QuerySet
    columns: tuple[Column, ...]
    order: tuple
    walk: models.QuerySet
    along: str = "pk"

    def under(self, *columns):
        """The same with these columns in front."""
        return replace(self, columns=(*columns, *self.columns))

    def texts(self):
        """Each row as a tuple of its texts, by a single statement, in no order."""
        texts = [column.text for column in self.columns]
        with connection.cursor() as cursor:
            cursor.execute(*compiled(self.rows.order_by().values_list(*texts)))
            yield from cursor

    def chunks_of_texts(self):
        """The same in order, and in chunks."""
        return self._chunks()

    def chunks_of_lines(self):
        """The lines of CSV for these rows, in order and in chunks."""
        cells = [column.cell for column in self.columns]
        line = QuotedWhole(cells[0]) if len(cells) == 1 else Line(*cells)
        for chunk in self._chunks(line):
            yield [line for (line,) in chunk]

    def chunks_of_keys(self):
        """The keys that are walked along, in chunks."""
        walk = self.walk.values_list("pk", flat=True).iterator(chunk_size=CHUNK)
        yield from batches(walk, CHUNK)

    def reader(self, *expressions):
        """What reads these expressions, or else the texts, of the rows of a chunk."""
        expressions = expressions or [column.text for column in self.columns]
        meta = self.rows.model._meta
        column = meta.pk if self.along == "pk" else meta.get_field(self.along)
        rows = self.rows.filter(**{f"{self.along}__in": Keys(column)})
        try:
            asked = rows.order_by(*self.order).values_list(*expressions)
            sql, values = compiled(asked)
        except EmptyResultSet:  # there is no statement for what finds nothing
            return lambda _keys: []

        def read(keys):
            with connection.cursor() as cursor:
                cursor.execute(sql, Keys.put_into(values, keys))
                return cursor.fetchall()

        return read

    def _chunks(self, *expressions):
        return filter(None, map(self.reader(*expressions), self.chunks_of_keys()))


def compiled(queryset):
    """The statement of a query, to be run without what Django does to its answers."""
    return queryset.query.get_compiler(connection=connection).as_sql()


def csv_blocks(extracts):
    """The CSV of a table in blocks, each with how many rows are in it; all of one
    moment. The first is the header, so that it is there at once.
    """
    names = [column.name for column in extracts[0].columns]
    yield write_table(names, []).encode(), 0
    with one_moment():
        for extract in extracts:
            for lines in extract.chunks_of_lines():
                yield "".join(f"{line}\r\n" for line in lines).encode(), len(lines)


class Tally:
    """Counts what passes through on its way into a file."""

    def __init__(self):
        self.rows, self.bytes, self.digest = 0, 0, sha256()

    def through(self, blocks):
        """The blocks, without the number of their rows."""
        for block, rows in blocks:
            self.rows += rows
            self.bytes += len(block)
            self.digest.update(block)
            yield block
