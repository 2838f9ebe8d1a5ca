"""Files that are sent while they are still being made."""

from contextlib import ExitStack

from django.http import StreamingHttpResponse

CSV_TYPE = "text/csv; charset=utf-8; header=present"
ZIP_TYPE = "application/zip"
NDJSON_TYPE = "application/x-ndjson"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET_TYPE = "application/vnd.apache.parquet"
BLOCK = 1 << 16  # bytes of a file that are sent at once


class Pieces:
    """A file that is only written: what was written since is taken from it."""

    closed = False

    def __init__(self):
        self.written, self.length = [], 0

    def write(self, block):
        self.written.append(bytes(block))
        self.length += len(block)
        return len(block)

    def tell(self):
        return self.length

    def flush(self):
        """Nothing is kept back."""

    def take(self):
        piece, self.written = b"".join(self.written), []
        return piece


class Stream:
    """Blocks of bytes, and what is kept open until they are sent or nobody listens."""

    def __init__(self, blocks, kept=None):
        self.blocks, self.kept = blocks, kept or ExitStack()

    def __iter__(self):
        return self.blocks

    def close(self):
        with self.kept:
            self.blocks.close()


def download(blocks, name, content_type=CSV_TYPE, kept=None):
    """An answer with what a generator makes as a file of this name."""
    answer = StreamingHttpResponse(Stream(blocks, kept), content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
