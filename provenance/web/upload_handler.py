"""Keeps uploads in memory, and refuses those that are too large unread."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.utils.translation import gettext as _

from ..tables import UPLOAD


def most_bytes():
    """The size of the largest body that is read: one file, and the form around it."""
    return UPLOAD.bytes + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


class InMemory(MemoryFileUploadHandler):
    """Takes every file into memory, as there is none larger than a table may be."""

    def handle_raw_input(
        self, input_data, META, content_length, boundary, encoding=None
    ):
        # No more than this length is ever read, so there is nothing to count.
        if content_length > most_bytes():
            raise RequestDataTooBig(
                _("A body of %d bytes is larger than any upload.") % content_length
            )
        self.activated = True
