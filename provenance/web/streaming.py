"""Files that are sent while they are still being made."""

from contextlib import ExitStack

from django.http import StreamingHttpResponse

CSV_TYPE = "text/csv; charset=utf-8; header=present"
ZIP_TYPE = "application/zip"
NDJSON_TYPE = "application/x-ndjson"


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
