"""Files of the whole public record in formats of others, sent while they are made."""

from rest_framework.renderers import JSONRenderer

from ..api.views import ApiView
from ..db.snapshot import one_moment
from ..pages.addresses import page_of
from ..web.streaming import download


class FileView(ApiView):
    """One such file, which follows from what is public."""

    name = ""  # of its address
    file_name = ""
    media_type = ""

    def perform_content_negotiation(self, request, force=False):
        """Whoever asks for the file may accept that alone."""
        return super().perform_content_negotiation(request, force=True)

    def pieces(self):
        """What the file is made of: each a piece of bytes."""
        raise NotImplementedError

    def sent(self):
        """The answer with the file."""
        return download(self._at_one_moment(), self.file_name, self.media_type)

    def _at_one_moment(self):
        with one_moment():
            yield from self.pieces()

    def page_of(self, record):
        """The whole address of the page of a record."""
        return self.request.build_absolute_uri(page_of(record))

    def address_of(self, source):
        """Where a source can be read; if nobody knows, where we describe it."""
        return source.url or self.page_of(source)


def as_json(value):
    """A value in bytes of JSON."""
    return JSONRenderer().render(value)
